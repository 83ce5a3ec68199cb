using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Recording.Replay;

namespace Hognose.Cli.Recordings;

/// <summary>A recording that is read from a file.</summary>
internal static class StoredRecording
{
    private const string Remedy = "give a file that 'hognose run' wrote (*.alloc)";

    /// <summary>All of it: the summary that it ends with; of a file that was cut off, what its events say.</summary>
    /// <exception cref="CannotContinueException">It cannot be read, or is none.</exception>
    public static RecordingSummary Read(string path) => Reading(path, () =>
    {
        AllocContents contents;
        using (var file = Open(path))
            contents = AllocReader.Open(file, path);
        return contents.Stored ?? Replay(path, new ReplayQuery(), static _ => { });
    });

    /// <summary>A part of it, from its events.</summary>
    /// <param name="path">The file.</param>
    /// <param name="query">Which part.</param>
    /// <param name="progress">Is told which part of the file was read.</param>
    /// <exception cref="CannotContinueException">It cannot be read, is none, or keeps no events.</exception>
    public static RecordingSummary ReadPart(string path, ReplayQuery query, Action<double> progress) => Reading(path, () =>
    {
        var length = new FileInfo(path).Length;
        return Replay(path, query, bytes => progress(length > 0 ? (double)bytes / length : 0));
    });

    private static RecordingSummary Replay(string path, ReplayQuery query, Action<long> progress)
    {
        using var file = Open(path);
        return EventReplay.Read(file, path, query, progress);
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024);

    private static RecordingSummary Reading(string path, Func<RecordingSummary> read)
    {
        try
        {
            if (Directory.Exists(path))
                throw new CannotContinueException($"'{path}' is a folder", Remedy);
            return read();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CannotContinueException($"cannot read '{path}': {FileTrouble.Of(trouble)}", Remedy, trouble);
        }
    }
}
