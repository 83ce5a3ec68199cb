using Hognose.Insights.Allocations;
using Hognose.Insights.Births;

namespace Hognose.Reports.Terminal;

/// <summary>
/// "born at app.py:41 in load() ← main app.py:12, 3.1 to 9.4 s before": the line that allocated, the nearest line of the program's own code that led there, and
/// how long before the snapshot.
/// </summary>
internal static class BirthWords
{
    /// <summary>Which line an object's memory counts for is not always the one that made the object.</summary>
    public const string FreeLists =
        "small lists, dicts, tuples, floats and others that CPython takes from its free lists count for the line that had their memory allocated first, not for the one that used it again";

    /// <param name="birth">Of most of them.</param>
    /// <param name="objects">How many there are in all.</param>
    /// <param name="glyphs">Of the terminal.</param>
    public static string Of(BirthPlace birth, long objects, Glyphs glyphs)
    {
        var naming = new SiteNaming(CurrentFolder.Path, SiteGrouping.Line);
        var frame = birth.Stack[0];
        var text = $"{(birth.OfSamples > 0 ? Samples(birth) : Share(birth.Objects, objects))}born at {naming.LocationOf(frame)} in {SiteNaming.FunctionName(frame)}()";
        var caller = birth.Stack.Skip(1).FirstOrDefault(each => !LibraryCode.Holds(each.File, outermost: false));
        return (caller is null ? text : $"{text} {glyphs.From} {SiteNaming.FunctionName(caller)} {naming.LocationOf(caller)}") + Age(birth, glyphs);
    }

    private static string Age(BirthPlace birth, Glyphs glyphs)
    {
        if (birth.Youngest < 0)
            return "";
        var (youngest, oldest) = (Words(birth.Youngest), Words(birth.Oldest));
        return youngest == oldest ? $", {oldest} before" : $", {youngest} to {oldest} before";

        string Words(int milliseconds) => glyphs.Own(Quantities.Seconds(milliseconds * 1_000_000L));
    }

    /// <summary>"all 12 samples of them ", "9 of 12 samples of them ".</summary>
    private static string Samples(BirthPlace birth) => birth.OfSamples == 1 ? "the one sample of them "
        : $"{(birth.Objects == birth.OfSamples ? "all " : $"{Quantities.Count(birth.Objects)} of ")}{Quantities.Count(birth.OfSamples)} samples of them ";

    private static string Share(long born, long objects)
    {
        const double NearlyAll = 0.9995; // Rounds to 100.0 %, which it is not.
        if (born == objects)
            return "";
        var share = (double)born / objects;
        return share >= NearlyAll ? "nearly all " : $"{Quantities.Percent(share)} of them ";
    }
}
