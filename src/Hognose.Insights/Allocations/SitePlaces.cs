using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>Which frames are the same place under a grouping. A place is the index of the first frame that stands for it.</summary>
internal sealed class SitePlaces
{
    private readonly int[] _placeOfFrame;
    private readonly IReadOnlyList<SourceFrame> _frames;
    private readonly SiteGrouping _grouping;
    private readonly ModuleNames? _modules;

    private SitePlaces(IReadOnlyList<SourceFrame> frames, SiteGrouping grouping, ModuleNames? modules)
    {
        _frames = frames;
        _grouping = grouping;
        _modules = modules;
        _placeOfFrame = new int[frames.Count];
        var known = new Dictionary<SourceFrame, int>();
        for (var frame = 0; frame < frames.Count; frame++)
        {
            var reduced = Reduce(frames[frame]);
            if (!known.TryGetValue(reduced, out var place))
                known[reduced] = place = frame;
            _placeOfFrame[frame] = place;
        }
    }

    public static SitePlaces Of(RecordingSummary recording, SiteGrouping grouping) =>
        new(recording.Stacks.Frames, grouping, grouping == SiteGrouping.Module ? ModuleNames.Of(recording) : null);

    public int Of(int frame) => _placeOfFrame[frame];

    public SourceFrame FrameOf(int place) => Reduce(_frames[place]);

    public string FileOf(int place) => _frames[place].File;

    /// <summary>By file, then line, then name; -1 (no frame) comes last.</summary>
    public int Compare(int one, int other)
    {
        if (one < 0 || other < 0)
            return other.CompareTo(one);
        var (a, b) = (FrameOf(one), FrameOf(other));
        var byFile = string.CompareOrdinal(a.File, b.File);
        if (byFile != 0)
            return byFile;
        var byLine = a.Line.CompareTo(b.Line);
        return byLine != 0 ? byLine : string.CompareOrdinal(a.Function, b.Function);
    }

    private SourceFrame Reduce(SourceFrame frame) => _grouping switch
    {
        SiteGrouping.Function => frame with { Line = frame.FirstLine },
        SiteGrouping.File => new SourceFrame("", frame.File, 0, 0),
        SiteGrouping.Module => new SourceFrame("", _modules!.Of(frame.File), 0, 0),
        _ => frame,
    };
}
