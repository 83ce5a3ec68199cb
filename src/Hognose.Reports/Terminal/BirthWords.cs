using Hognose.Insights.Allocations;
using Hognose.Insights.Births;

namespace Hognose.Reports.Terminal;

/// <summary>"born at app.py:41 in load() ← main app.py:12": the line that allocated, and the nearest line of the program's own code that led there.</summary>
internal static class BirthWords
{
    /// <param name="birth">Of most of them.</param>
    /// <param name="objects">How many there are in all.</param>
    /// <param name="glyphs">Of the terminal.</param>
    public static string Of(BirthPlace birth, long objects, Glyphs glyphs)
    {
        var naming = new SiteNaming(Environment.CurrentDirectory, SiteGrouping.Line);
        var frame = birth.Stack[0];
        var share = birth.Objects == objects ? "" : objects == 1 ? "" : $"{Quantities.Percent((double)birth.Objects / objects)} of them ";
        var text = $"{share}born at {naming.LocationOf(frame)} in {SiteNaming.FunctionName(frame)}()";
        var caller = birth.Stack.Skip(1).FirstOrDefault(each => !LibraryCode.Holds(each.File, outermost: false));
        return caller is null ? text : $"{text} {glyphs.From} {SiteNaming.FunctionName(caller)} {naming.LocationOf(caller)}";
    }
}
