using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>What counts as one site.</summary>
public enum SiteGrouping
{
    /// <summary>A line of a function.</summary>
    Line,

    /// <summary>A function, wherever in it.</summary>
    Function,

    /// <summary>A file.</summary>
    File,

    /// <summary>A module: a file by the name that import knows.</summary>
    Module,
}

/// <summary>A caller that brought a site most of its bytes.</summary>
/// <param name="Bytes">Of the site's bytes, those that came through this caller.</param>
/// <param name="FramesBetween">Frames of libraries (and of recursion) left out between this one and the former.</param>
public sealed record SiteCaller(SourceFrame Frame, long Bytes, int FramesBetween);

/// <summary>
/// A place in the program's code and what it allocated itself: bytes belong to the innermost frame alone, so that sites add up to the
/// total and recursion counts nothing twice.
/// </summary>
/// <param name="Place">Line 0 when grouped by file; the function's first line when grouped by function. null: no Python frame at all.</param>
/// <param name="Label">What the site is called where it is no place in the source: a module. Else null, and with it when there is no Python frame.</param>
/// <param name="Callers">The heaviest way to the site, nearest first; empty when grouped by file or module.</param>
public sealed record Site(SourceFrame? Place, string? Label, long Bytes, long Blocks, IReadOnlyList<SiteCaller> Callers)
{
    /// <summary>What it left behind, the most bytes first; empty unless the recording looked at the heap at its end and the view is of the end.</summary>
    public IReadOnlyList<SurvivingType> Types { get; init; } = [];

    /// <summary>Who holds that; empty also of sites that left little.</summary>
    public IReadOnlyList<SurvivorHolder> Holders { get; init; } = [];

    /// <summary>Whether it is the program's own code, and none of a library.</summary>
    public bool IsOwnCode { get; init; }

    /// <summary>The truth lies so many bytes either way in 95 of 100 runs; 0 where every allocation was recorded.</summary>
    public long BytesError { get; init; }

    /// <summary>Processes of a family in which it holds something; 0: this is one process's recording.</summary>
    public int Processes { get; init; }

    /// <summary>Of these the one that holds the most there, by its process id, and how much that is.</summary>
    public int LargestProcess { get; init; }
    public long LargestBytes { get; init; }

    /// <summary>Of the bytes, those that C code asked for itself, called by this place.</summary>
    public long NativeBytes { get; init; }
}

/// <summary>The heaviest sites, and what all sites together come to.</summary>
/// <param name="Sites">Most bytes first; equal ones in the order of file and line.</param>
/// <param name="SiteCount">How many sites there are, shown or not.</param>
public sealed record SiteRanking(IReadOnlyList<Site> Sites, int SiteCount, long TotalBytes, long TotalBlocks)
{
    public double ShareOf(Site site) => TotalBytes == 0 ? 0 : (double)site.Bytes / TotalBytes;
}
