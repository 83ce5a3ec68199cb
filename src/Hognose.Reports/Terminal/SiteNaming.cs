using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Terminal;

/// <summary>How a place is called: function and file:line, as short as stays clear.</summary>
/// <param name="currentDirectory">Paths below it are shown relative to it; empty: none is.</param>
/// <param name="grouping">What a site is.</param>
internal sealed class SiteNaming(string currentDirectory, SiteGrouping grouping)
{
    private const string NoCode = "(no Python code)";

    private readonly bool _hasFunctions = grouping is SiteGrouping.Line or SiteGrouping.Function;

    /// <summary>What a site is, as the heading of a column.</summary>
    public string Kind => RecordingWords.Name(grouping);

    public string Function(Site site) => Of(site.Place, site.Label).Function;

    public string Location(Site site) => Of(site.Place, site.Label).Location;

    /// <param name="place">null for what has a label, and for no Python frame.</param>
    /// <returns>The function is empty where sites are no functions, and where none are known (tracemalloc's).</returns>
    public (string Function, string Location) Of(SourceFrame? place, string? label) =>
        label is not null ? ("", Names.Printable(label))
        : place is null ? (_hasFunctions ? (NoCode, "start-up or a C thread") : ("", NoCode))
        : (_hasFunctions && place.Function.Length > 0 ? FunctionName(place) : "", LocationOf(place));

    public static string FunctionName(SourceFrame frame) =>
        frame.Function.Length == 0 ? "?" : Names.Printable(frame.Function.Replace(".<locals>.", ".", StringComparison.Ordinal));

    public string LocationOf(SourceFrame frame) => frame.IsC ? Names.Printable(StackFrames.CPlace(frame)) : Names.Printable(frame.Line > 0 ? $"{ShortPath(frame.File)}:{frame.Line}" : ShortPath(frame.File));

    private string ShortPath(string file)
    {
        if (file.Length == 0)
            return "?";
        if (file.StartsWith("<frozen ", StringComparison.Ordinal) && file.EndsWith('>'))
            return file["<frozen ".Length..^1];
        if (LibraryCode.PackageStart(file) is > 0 and var start)
            return file[start..];
        if (currentDirectory.Length == 0)
            return file;
        var below = currentDirectory.EndsWith('/') ? currentDirectory : currentDirectory + "/";
        return file.Length > below.Length && file.StartsWith(below, StringComparison.Ordinal) ? file[below.Length..] : file;
    }
}
