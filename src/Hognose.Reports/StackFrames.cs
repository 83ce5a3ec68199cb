using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Families;

namespace Hognose.Reports;

/// <summary>Stacks of a recording as other tools want them: every frame, and one that stands for "no Python frame".</summary>
internal sealed class StackFrames(RecordingSummary recording)
{
    /// <summary>Index of the frame that stands for none; it lies behind the recording's own.</summary>
    public int NoFrame { get; } = recording.Stacks.Frames.Count;

    /// <summary>By the names that they are shown by.</summary>
    public IEnumerable<SourceFrame> All => recording.Stacks.Frames
        .Select(frame => frame with { Function = Name(frame), File = frame.IsC ? frame.Place : frame.File })
        .Append(new SourceFrame(Name(null), "", 0, 0));

    public string Name(int frame) => Name(frame == NoFrame ? null : recording.Stacks.Frames[frame]);

    /// <param name="place">null: no Python frame.</param>
    public string Name(SourceFrame? place) => place is null ? "(no Python code)"
        : place.Function.Length > 0 ? place.Function
        : recording.Facts.Tracemalloc is not null && place.File.Length > 0 ? Line(place)
        : "?";

    /// <summary>Innermost first.</summary>
    public List<int> InnermostFirst(int stack)
    {
        var frames = new List<int>();
        for (var at = stack; at != 0; at = recording.Stacks.ParentStack[at])
            frames.Add(recording.Stacks.InnermostFrame[at]);
        if (frames.Count == 0)
            frames.Add(NoFrame);
        return frames;
    }

    public List<int> OutermostFirst(int stack)
    {
        var frames = InnermostFirst(stack);
        frames.Reverse();
        return frames;
    }

    /// <summary>"load (/srv/app.py:12)": as flame graphs of Python programs have it.</summary>
    public string Text(int frame)
    {
        if (frame == NoFrame)
            return Name(frame);
        var place = recording.Stacks.Frames[frame];
        if (place.Function.Length == 0 && recording.Facts.Tracemalloc is not null)
            return Line(place);
        if (FamilyBuilder.IsProcess(place))
            return Name(frame);
        if (place.IsC)
            return $"{Name(frame)} ({CPlace(place)})";
        return place.Line > 0 ? FormattableString.Invariant($"{Name(frame)} ({place.File}:{place.Line})") : $"{Name(frame)} ({place.File})";
    }

    /// <summary>In place of a function's name, of which tracemalloc knows none.</summary>
    private static string Line(SourceFrame place) => place.Line > 0 ? FormattableString.Invariant($"{place.File}:{place.Line}") : place.File;

    /// <summary>Of C code the folder says little: "libz.so.1", "deflate.c:290".</summary>
    public static string CPlace(SourceFrame frame)
    {
        var name = frame.Place[(frame.Place.LastIndexOf('/') + 1)..];
        return frame.Line > 0 ? FormattableString.Invariant($"{name}:{frame.Line}") : name;
    }

    /// <summary>Stacks that have something in the view, the heaviest first.</summary>
    public IEnumerable<int> Heaviest(RecordingView view) => Enumerable.Range(0, recording.Usage.Length)
        .Where(stack => view.Of(recording.Usage[stack]) is var figure && (figure.Bytes > 0 || figure.Blocks > 0))
        .OrderByDescending(stack => view.Of(recording.Usage[stack]).Bytes);

    /// <summary>What was run, as a title; and that figures are estimates, where they are.</summary>
    public string Title => CommandLine + (recording.Facts.SampleBytes > 0 ? " (estimated from samples)" : "");

    private string CommandLine => string.Join(' ', recording.Facts.CommandLine.Select((word, index) => index == 0 ? word[(word.LastIndexOf('/') + 1)..] : word));
}
