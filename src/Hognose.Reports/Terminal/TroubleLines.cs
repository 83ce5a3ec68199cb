using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>What could not be read, and remarks on how the rest was.</summary>
internal static class TroubleLines
{
    private const int Indent = 2;

    public static void Write(IAnsiConsole console, HeapFacts facts, DiagnosticBag trouble)
    {
        var notes = Notes(facts, trouble).ToList();
        if (notes.Count > 0)
            console.WriteLine();
        foreach (var note in notes)
            foreach (var line in Names.Wrap(note, console.Profile.Width - Indent))
                console.Write(new StyledLine().Spaces(Indent).Add(line, Palette.Warning));
    }

    private static IEnumerable<string> Notes(HeapFacts facts, DiagnosticBag trouble)
    {
        if (facts.WasCollecting)
            yield return "A garbage collection was under way at every stop: counts may be off by objects that it was moving.";
        foreach (var (id, count) in trouble.Tally.Where(tally => HeapAnswer.IsRemark(tally.Key)))
            yield return $"{Names.Printable(id)}: {Example(trouble, id)}{(count > 1 ? $" ({Quantities.Count(count)} in all)" : "")}";
        var notRead = trouble.Tally.Where(tally => !HeapAnswer.IsRemark(tally.Key)).Sum(tally => tally.Value);
        if (notRead == 0)
            yield break;
        yield return $"{Quantities.Count(notRead, "thing")} could not be read:";
        foreach (var (id, count) in trouble.Tally.Where(tally => !HeapAnswer.IsRemark(tally.Key)))
            yield return $"{Names.Printable(id)}: {Quantities.Count(count)}, the first: {Example(trouble, id)}";
    }

    private static string Example(DiagnosticBag trouble, string id) =>
        Names.Printable(trouble.Kept.FirstOrDefault(kept => kept.Id == id).Message ?? "see docs/diagnostics.md");
}
