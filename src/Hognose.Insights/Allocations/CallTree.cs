using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>A place in the tree of calls.</summary>
/// <param name="Place">null: no Python frame, or a module, which then is the label; of the tree's top both are null.</param>
/// <param name="Bytes">With all that it called; upside down, all that came through it.</param>
/// <param name="OwnBytes">Of these, what no part accounts for: what the place allocated itself; upside down, what has no further caller.</param>
/// <param name="FramesBetween">Frames left out between this place and the one above.</param>
/// <param name="Parts">The biggest first.</param>
/// <param name="OtherParts">How many more there are, each too small to be listed.</param>
public sealed record CallNode(
    SourceFrame? Place, string? Label, long Bytes, long Blocks, long OwnBytes, int FramesBetween, IReadOnlyList<CallNode> Parts, int OtherParts, long OtherBytes)
{
    public bool IsOwnCode { get; init; }

    /// <summary>How far off the bytes may be either way; 0 where every allocation was recorded.</summary>
    public long BytesError { get; init; }
}

/// <param name="IsInverted">From the line that allocated up to its callers, and not from the entry down.</param>
/// <param name="Grouping">What a place is.</param>
/// <param name="SmallestShare">Of the whole, 0 to 1; smaller branches are summed.</param>
/// <param name="IsWhole">Every frame is a place, also those of libraries between the program's own.</param>
public sealed record CallTreeShape(bool IsInverted, SiteGrouping Grouping, double SmallestShare, bool IsWhole);

/// <summary>Through which calls did the memory come? The stacks of a recording as a tree, the biggest branch first.</summary>
/// <param name="CutBranches">Too small to be listed, in all; what they hold together stands beneath their callers.</param>
public sealed record CallTree(CallNode Top, CallTreeShape Shape, int CutBranches, long CutBytes)
{
    /// <summary>Levels of a tree; frames beyond it are left out between the last but one and the last.</summary>
    internal const int Deepest = 100;

    public double ShareOf(long bytes) => Top.Bytes == 0 ? 0 : (double)bytes / Top.Bytes;

    public static CallTree Of(RecordingSummary recording, RecordingView view, CallTreeShape shape)
    {
        var places = SitePlaces.Of(recording, shape.Grouping);
        var kept = new KeptFrames(recording.Stacks, shape.IsWhole);
        var top = new CallBranch();
        for (var stack = 0; stack < recording.Usage.Length; stack++)
        {
            var (bytes, blocks) = view.Of(recording.Usage[stack]);
            if (bytes > 0 || blocks > 0)
                Insert(top, Path(kept.Of(stack), shape.IsInverted), places, bytes, blocks, SampleError.VarianceOfBytes(recording, view, stack));
        }
        var cut = new CallTreeCut(places, shape);
        return new CallTree(cut.NodeOf(top), shape, cut.Branches, cut.Bytes);
    }

    /// <summary>From the top of the tree on; <see cref="KeptFrame.LeftOut"/> then lies between a frame and the one before it.</summary>
    private static List<KeptFrame> Path(IReadOnlyList<KeptFrame> innermostFirst, bool isInverted)
    {
        var path = new List<KeptFrame>(innermostFirst);
        if (!isInverted)
        {
            path.Reverse();
        }
        else
        {
            for (var i = path.Count - 1; i > 0; i--)
                path[i] = path[i] with { LeftOut = path[i - 1].LeftOut };
            if (path.Count > 0)
                path[0] = path[0] with { LeftOut = 0 };
        }
        if (path.Count > Deepest)
        {
            path[Deepest - 1] = path[^1] with { LeftOut = path.Count - Deepest };
            path.RemoveRange(Deepest, path.Count - Deepest);
        }
        return path;
    }

    private static void Insert(CallBranch top, List<KeptFrame> path, SitePlaces places, long bytes, long blocks, double variance)
    {
        const int NoFrame = -1;
        var at = top.Add(bytes, blocks, variance);
        if (path.Count == 0)
            at = at.Part(NoFrame, 0).Add(bytes, blocks, variance);
        var former = NoFrame;
        foreach (var frame in path)
        {
            // A function that calls itself is one place, however deep.
            var place = places.Of(frame.Frame);
            if (place == former)
                continue;
            former = place;
            at = at.Part(place, frame.LeftOut).Add(bytes, blocks, variance);
        }
        at.OwnBytes += bytes;
    }
}
