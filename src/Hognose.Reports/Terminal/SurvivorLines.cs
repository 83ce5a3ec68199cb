using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Below a site: what the memory that it left behind is, and who holds it.</summary>
internal static class SurvivorLines
{
    private const int Types = 3;
    private const int Holders = 2;
    private const int Narrowest = 20;

    public static void Write(IAnsiConsole console, Site site, int indent)
    {
        if (site.Types.Count > 0)
            Line(console, "= ", string.Join(", ", site.Types.Take(Types).Select(type => WordsOf(type, site.BytesError > 0))) + (site.Types.Count > Types ? ", …" : ""), indent);
        foreach (var way in site.Holders.Take(Holders))
            Line(console, "held by ", way.HeldBy, indent);
    }

    private static string WordsOf(SurvivingType type, bool isEstimate) =>
        (isEstimate ? "≈ " : "")
        + (type.Type.Length == 0 ? Quantities.Count(type.Blocks, "block") + " of memory that is no object"
            : type.Blocks == 0 ? $"storage of {Names.Printable(type.Type)}" : $"{Quantities.Count(type.Blocks)} {Names.Printable(type.Type)}")
        + $" {Quantities.Bytes(type.Bytes)}";

    private static void Line(IAnsiConsole console, string head, string text, int indent)
    {
        var room = Math.Max(Narrowest, console.Profile.Width - indent - head.Length);
        foreach (var part in Names.Wrap(Glyphs.For(console).Own(Names.Printable(text)), room))
        {
            console.Write(new StyledLine().Spaces(indent).Add(head, Palette.Dim).Add(part, Palette.OwnCode));
            head = new string(' ', head.Length);
        }
    }
}
