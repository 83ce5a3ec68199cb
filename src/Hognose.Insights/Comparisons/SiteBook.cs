using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Insights.Comparisons;

/// <summary>A function as another recording knows it, too: folders and lines may differ there.</summary>
internal readonly record struct FunctionName(string Module, string Function);

/// <summary>What was allocated, and of a recording of samples how far off that may be.</summary>
internal readonly record struct BookedUsage(StackUsage Usage, StackVariance Variance)
{
    public BookedUsage Plus(in BookedUsage other) => new(Usage.Plus(other.Usage), Variance.Plus(other.Variance));
}

/// <summary>A site and all that it allocated.</summary>
internal sealed class BookedSite(SourceFrame place)
{
    public SourceFrame Place { get; } = place;

    public BookedUsage Booked { get; set; }
}

/// <summary>All sites of a recording with everything that is known of each, by the function that they lie in.</summary>
internal sealed class SiteBook
{
    private SiteBook()
    {
    }

    /// <summary>By name of the function, then by its first line (functions of one name in one file), its sites in the order of the source.</summary>
    public Dictionary<FunctionName, SortedDictionary<int, List<BookedSite>>> Functions { get; } = [];

    /// <summary>Allocated with no Python frame.</summary>
    public BookedUsage WithoutFrame { get; private set; }

    public BookedUsage Total { get; private set; }

    public static SiteBook Of(RecordingSummary recording, SiteGrouping grouping)
    {
        var book = new SiteBook();
        var places = SitePlaces.Of(recording, grouping);
        var sites = new Dictionary<int, BookedSite>();
        for (var stack = 0; stack < recording.Usage.Length; stack++)
        {
            var usage = new BookedUsage(recording.Usage[stack], stack < recording.Variances.Length ? recording.Variances[stack] : default);
            book.Total = book.Total.Plus(usage);
            var asking = recording.Stacks.OfPython(stack);
            if (asking == 0)
                book.WithoutFrame = book.WithoutFrame.Plus(usage);
            if (asking == 0 || usage.Usage.IsEmpty)
                continue;
            var place = places.Of(recording.Stacks.InnermostFrame[asking]);
            if (!sites.TryGetValue(place, out var site))
                sites[place] = site = new BookedSite(places.FrameOf(place));
            site.Booked = site.Booked.Plus(usage);
        }
        var modules = ModuleNames.Of(recording);
        foreach (var site in sites.Values.OrderBy(site => site.Place.Line))
            book.Add(new FunctionName(grouping == SiteGrouping.Module ? site.Place.File : modules.Of(site.Place.File), site.Place.Function), site);
        return book;
    }

    private void Add(FunctionName name, BookedSite site)
    {
        if (!Functions.TryGetValue(name, out var sameName))
            Functions[name] = sameName = [];
        if (!sameName.TryGetValue(site.Place.FirstLine, out var list))
            sameName[site.Place.FirstLine] = list = [];
        list.Add(site);
    }
}
