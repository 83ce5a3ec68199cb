using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;

namespace Hognose.Recording.Replay;

/// <summary>From a file's events to the summary of a window.</summary>
public static class EventReplay
{
    /// <param name="file">At its begin; read forwards only.</param>
    /// <param name="fileName">For messages.</param>
    /// <param name="query">Which part.</param>
    /// <param name="progress">Is told the bytes read so far.</param>
    /// <exception cref="CannotContinueException">The file is damaged, or keeps no events.</exception>
    public static RecordingSummary Read(Stream file, string fileName, ReplayQuery query, Action<long> progress)
    {
        var tally = new WindowTally(query);
        var contents = ReadAll(file, fileName, tally, progress);
        if (!contents.Facts.KeepsEvents)
            throw new CannotContinueException($"'{fileName}' has totals only, no events to choose from", "record again without --aggregate, with this version of hognose");
        var summary = tally.ToSummary(contents.Facts, contents.Stacks);
        var stopped = Stopped(contents, tally);
        return stopped.Length == 0 ? summary : summary with { Facts = summary.Facts with { StoppedBecause = stopped, IsCutShort = contents.Stored is null } };
    }

    private static AllocContents ReadAll(Stream file, string fileName, WindowTally tally, Action<long> progress)
    {
        if (tally.Parts is { } parts)
        {
            var apart = new SpreadSink(tally, parts);
            return AllocReader.Replay(file, fileName, ref apart, progress);
        }
        var sink = new WindowSink(tally);
        return AllocReader.Replay(file, fileName, ref sink, progress);
    }

    private static string Stopped(AllocContents contents, WindowTally tally)
    {
        var seconds = tally.Now / 1e9;
        if (tally.EndedBecause.Length > 0)
            return string.Create(CultureInfo.InvariantCulture, $"after {seconds:0.000} s {tally.EndedBecause}");
        return contents.Stored is not null
            ? contents.Facts.StoppedBecause
            : string.Create(CultureInfo.InvariantCulture, $"the file ends after {seconds:0.000} s, at byte {contents.WholeBytes}: hognose was killed, the disk was full, or it is being written still");
    }
}
