using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Insights.Comparisons;

/// <summary>
/// Which site of one recording is which of another? Functions are the same that have the same name in the same module; of several (lambdas,
/// __init__ of several classes before 3.11) those with the same first line, and the rest in the order of the file.
/// </summary>
internal static class SiteMatching
{
    public static List<SiteChange> Match(SiteBook before, SiteBook after, SiteGrouping grouping)
    {
        var changes = new List<SiteChange>();
        if (!before.WithoutFrame.Usage.IsEmpty || !after.WithoutFrame.Usage.IsEmpty)
            changes.Add(SiteChange.Of(null, null, null, before.WithoutFrame, after.WithoutFrame));
        foreach (var name in before.Functions.Keys.Union(after.Functions.Keys))
            foreach (var (one, other) in Functions(before.Functions.GetValueOrDefault(name), after.Functions.GetValueOrDefault(name), name.Function.Length == 0))
                AddSites(changes, one, other, grouping == SiteGrouping.Module ? name.Module : null);
        return changes;
    }

    private static IEnumerable<(List<BookedSite> Before, List<BookedSite> After)> Functions(
        SortedDictionary<int, List<BookedSite>>? before, SortedDictionary<int, List<BookedSite>>? after, bool isWithoutName)
    {
        SortedDictionary<int, List<BookedSite>> one = before is null ? [] : new(before), other = after is null ? [] : new(after);
        if (one.Count != other.Count || isWithoutName)
            foreach (var line in one.Keys.Intersect(other.Keys).ToList())
            {
                yield return (one[line], other[line]);
                one.Remove(line);
                other.Remove(line);
            }
        if (isWithoutName)
        {
            // Lines without a function (tracemalloc's): there is no telling which moved where.
            foreach (var sites in one.Values)
                yield return (sites, []);
            foreach (var sites in other.Values)
                yield return ([], sites);
            yield break;
        }
        for (var i = 0; i < Math.Max(one.Count, other.Count); i++)
            yield return (one.Values.ElementAtOrDefault(i) ?? [], other.Values.ElementAtOrDefault(i) ?? []);
    }

    private static void AddSites(List<SiteChange> changes, List<BookedSite> before, List<BookedSite> after, string? label)
    {
        var pairs = LineMatching.Pairs(Offsets(before), Offsets(after));
        foreach (var (one, other) in pairs)
            changes.Add(SiteChange.Of(Place(before[one], label), Place(after[other], label), label, before[one].Booked, after[other].Booked));
        var (gone, added) = (Rest(before, pairs.ConvertAll(pair => pair.Before)), Rest(after, pairs.ConvertAll(pair => pair.After)));
        if (gone.Count > 0 && added.Count > 0)
        {
            changes.Add(SiteChange.Of(First(gone), First(added), label, Sum(gone), Sum(added)) with { IsOfSeveralLines = true });
            return;
        }
        changes.AddRange(gone.Select(site => SiteChange.Of(Place(site, label), null, label, site.Booked, default)));
        changes.AddRange(added.Select(site => SiteChange.Of(null, Place(site, label), label, default, site.Booked)));
    }

    private static SourceFrame? Place(BookedSite site, string? label) => label is null ? site.Place : null;

    private static List<int> Offsets(List<BookedSite> sites) => sites.ConvertAll(site => site.Place.Line - site.Place.FirstLine);

    private static List<BookedSite> Rest(List<BookedSite> sites, List<int> paired) => [.. sites.Where((_, index) => !paired.Contains(index))];

    private static SourceFrame First(List<BookedSite> sites) => sites[0].Place with { Line = sites[0].Place.FirstLine };

    private static BookedUsage Sum(List<BookedSite> sites) => sites.Aggregate(default(BookedUsage), (sum, site) => sum.Plus(site.Booked));
}
