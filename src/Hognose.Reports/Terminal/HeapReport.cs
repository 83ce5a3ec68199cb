using System.Globalization;
using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The report of a heap: how much, for how long the process stood still, what it is made of, what is missing, what to type next.</summary>
public static class HeapReport
{
    private const int Indent = 2;

    /// <param name="heap">As the user named it: a pid or a file.</param>
    /// <param name="rows">Of the table.</param>
    public static void Write(IAnsiConsole console, string heap, HeapAnswer answer, int rows)
    {
        console.WriteLine();
        WriteHeadline(console, answer);
        if (answer.Facts.Core is null)
            WriteMemory(console, answer);
        console.WriteLine();
        new GroupRows(console).Write(answer.Groups, rows);
        TroubleLines.Write(console, answer.Facts, answer.Trouble);
        WriteNextSteps(console, heap, answer, rows);
    }

    private static void WriteHeadline(IAnsiConsole console, HeapAnswer answer)
    {
        var facts = answer.Facts;
        var glyphs = Glyphs.For(console);
        console.Write(new StyledLine().Spaces(Indent)
            .Add($"{Quantities.Count(answer.Groups.AllObjects, "object")}, {Quantities.Bytes(answer.Groups.AllBytes)}", Palette.Figure)
            .Add($" {glyphs.Dot} {Quantities.Count(answer.Groups.AllTypes, "type")}"
                + (facts.Core is null ? $" {glyphs.Dot} RSS {Quantities.Bytes(facts.Memory.Resident)}" : "")));
        ProcessLines.Write(console, facts);
    }

    private static void WriteMemory(IAnsiConsole console, HeapAnswer answer)
    {
        var memory = answer.Facts.Memory;
        var parts = $"RSS: {Quantities.Bytes(memory.Anonymous)} of its own, {Quantities.Bytes(memory.Files)} of files";
        if (memory.Shared > 0)
            parts += $", {Quantities.Bytes(memory.Shared)} shared";
        if (memory.Swapped > 0)
            parts += $"; {Quantities.Bytes(memory.Swapped)} swapped out";
        parts += $"; at most {Quantities.Bytes(memory.PeakResident)} so far";
        foreach (var line in Names.Wrap(parts, console.Profile.Width - Indent))
            console.Write(new StyledLine().Spaces(Indent).Add(line, Palette.Dim));
    }

    private static void WriteNextSteps(IAnsiConsole console, string heap, HeapAnswer answer, int rows)
    {
        var selection = answer.Groups.Selection;
        var by = new ShellOptions(
            (selection.Types is { } types ? $" --type {Names.ShellWord(types)}" : "") + (selection.By == HeapGrouping.Type ? "" : $" --by {selection.By.ToString().ToLowerInvariant()}")
            + (selection.MinimumSize > 0 ? string.Create(CultureInfo.InvariantCulture, $" --min {selection.MinimumSize}") : ""));
        console.WriteLine();
        if (rows < answer.Groups.Groups.Count)
            NextStep.Write(console, $"hognose heap {heap}{by} --all", $"every {Row(answer.Groups.Selection.By)}");
        if (answer.Groups.Samples == 0 && answer.Groups.Groups.All(group => group.Retained is null))
            NextStep.Write(console, $"hognose heap {heap}{by} --retained", "what each keeps alive");
        NextStep.Write(console, $"hognose biggest {heap}", "what keeps the most alive, and who holds it");
        NextStep.WriteRecording(console, answer.Facts, new ShellOptions(""), "who allocates");
    }

    private static string Row(HeapGrouping by) => by switch
    {
        HeapGrouping.Module => "module",
        HeapGrouping.Size => "size",
        HeapGrouping.Site => "line",
        _ => "type",
    };
}
