using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Terminal;

/// <summary>How a place is called: function and file:line, as short as stays clear.</summary>
internal sealed class SiteNaming(string currentDirectory, SiteGrouping grouping)
{
    private const string NoCode = "(no Python code)";

    public string Function(SourceFrame? place) =>
        grouping == SiteGrouping.File ? "" : place is null ? NoCode : FunctionName(place);

    public string Location(SourceFrame? place) =>
        place is not null ? LocationOf(place) : grouping == SiteGrouping.File ? NoCode : "start-up or a C thread";

    public static string FunctionName(SourceFrame frame) =>
        frame.Function.Length == 0 ? "?" : Names.Printable(frame.Function.Replace(".<locals>.", ".", StringComparison.Ordinal));

    public string LocationOf(SourceFrame frame) => Names.Printable(frame.Line > 0 ? $"{ShortPath(frame.File)}:{frame.Line}" : ShortPath(frame.File));

    private string ShortPath(string file)
    {
        if (file.Length == 0)
            return "?";
        if (file.StartsWith("<frozen ", StringComparison.Ordinal) && file.EndsWith('>'))
            return file["<frozen ".Length..^1];
        if (LibraryCode.PackageStart(file) is > 0 and var start)
            return file[start..];
        var below = currentDirectory.EndsWith('/') ? currentDirectory : currentDirectory + "/";
        return file.Length > below.Length && file.StartsWith(below, StringComparison.Ordinal) ? file[below.Length..] : file;
    }
}
