using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Insights.Families;

/// <summary>In how many processes does a site hold something, and in which the most?</summary>
internal static class FamilySites
{
    private static readonly SourceFrame NoPlace = new("", "", -1, -1);

    public static SiteRanking Annotate(RecordedFamily family, RecordingView view, SiteGrouping grouping, SiteRanking ranking)
    {
        var places = SitePlaces.Of(family.Together, grouping);
        var rows = ranking.Sites.Select((site, row) => (Key: KeyOf(site), Row: row)).ToDictionary(pair => pair.Key, pair => pair.Row);
        var spread = new Spread[ranking.Sites.Count];
        for (var process = 0; process < family.Processes.Count; process++)
            AddProcess(family, process, view, places, rows, spread);
        return ranking with
        {
            Sites = [.. ranking.Sites.Select((site, row) => site with
            {
                Processes = spread[row].Processes,
                LargestProcess = spread[row].Largest,
                LargestBytes = spread[row].LargestBytes,
            })],
        };
    }

    private static void AddProcess(RecordedFamily family, int process, RecordingView view, SitePlaces places, Dictionary<SourceFrame, int> rows, Spread[] spread)
    {
        var stacks = family.Together.Stacks;
        var sums = new (long Bytes, long Blocks)[spread.Length];
        foreach (var (stack, usage) in family.UsageOfProcesses[process])
        {
            var (bytes, blocks) = view.Of(usage);
            if (bytes == 0 && blocks == 0)
                continue;
            var asking = stacks.OfPython(stack);
            if (rows.TryGetValue(asking == 0 ? NoPlace : places.FrameOf(places.Of(stacks.InnermostFrame[asking])), out var row))
                sums[row] = (sums[row].Bytes + bytes, sums[row].Blocks + blocks);
        }
        for (var row = 0; row < sums.Length; row++)
        {
            if (sums[row] is (0, 0))
                continue;
            var isLargest = spread[row].Processes == 0 || sums[row].Bytes > spread[row].LargestBytes;
            spread[row] = isLargest
                ? new Spread(spread[row].Processes + 1, family.Processes[process].Facts.ProcessId, sums[row].Bytes)
                : spread[row] with { Processes = spread[row].Processes + 1 };
        }
    }

    /// <summary>As <see cref="SitePlaces.FrameOf"/> has it.</summary>
    private static SourceFrame KeyOf(Site site) => site.Place ?? (site.Label is { } label ? new SourceFrame("", label, 0, 0) : NoPlace);

    private readonly record struct Spread(int Processes, int Largest, long LargestBytes);
}
