namespace Hognose.Insights.Allocations;

/// <summary>A node of the tree of calls while it grows.</summary>
internal sealed class CallBranch
{
    public long Bytes { get; private set; }

    public long Blocks { get; private set; }

    public double Variance { get; private set; }

    public long OwnBytes { get; set; }

    public int FramesBetween { get; private set; } = int.MaxValue;

    public Dictionary<int, CallBranch> Parts { get; } = [];

    public CallBranch Add(long bytes, long blocks, double variance)
    {
        Bytes += bytes;
        Blocks += blocks;
        Variance += variance;
        return this;
    }

    public CallBranch Part(int place, int framesBetween)
    {
        if (!Parts.TryGetValue(place, out var part))
            Parts[place] = part = new CallBranch();
        // Of several ways to a place the shortest: "…" then says that there is none without frames between.
        part.FramesBetween = Math.Min(part.FramesBetween, framesBetween);
        return part;
    }
}

/// <summary>Leaves out branches that are too small, and counts them.</summary>
internal sealed class CallTreeCut(SitePlaces places, CallTreeShape shape)
{
    private double _smallest;

    public int Branches { get; private set; }

    public long Bytes { get; private set; }

    public CallNode NodeOf(CallBranch top)
    {
        _smallest = top.Bytes * shape.SmallestShare;
        return new CallNode(null, null, top.Bytes, top.Blocks, 0, 0, PartsOf(top, out var others, out var otherBytes), others, otherBytes)
        {
            BytesError = SampleError.OfVariance(top.Variance),
        };
    }

    private List<CallNode> PartsOf(CallBranch branch, out int others, out long otherBytes)
    {
        var order = branch.Parts.ToList();
        order.Sort((one, other) =>
        {
            var byBytes = other.Value.Bytes.CompareTo(one.Value.Bytes);
            return byBytes != 0 ? byBytes : places.Compare(one.Key, other.Key);
        });
        var shown = order.TakeWhile(part => part.Value.Bytes >= _smallest).ToList();
        others = order.Count - shown.Count;
        otherBytes = order.Skip(shown.Count).Sum(part => part.Value.Bytes);
        Branches += others;
        Bytes += otherBytes;
        return shown.ConvertAll(part => PartOf(part.Key, part.Value));
    }

    private CallNode PartOf(int place, CallBranch branch)
    {
        var parts = PartsOf(branch, out var others, out var otherBytes);
        var frame = place < 0 ? null : places.FrameOf(place);
        var isModule = shape.Grouping == SiteGrouping.Module;
        return new CallNode(
            isModule ? null : frame, isModule ? frame?.File : null, branch.Bytes, branch.Blocks, branch.OwnBytes, branch.FramesBetween, parts, others, otherBytes)
        {
            BytesError = SampleError.OfVariance(branch.Variance),
            IsOwnCode = place >= 0 && !LibraryCode.Holds(places.FileOf(place), outermost: false),
        };
    }
}
