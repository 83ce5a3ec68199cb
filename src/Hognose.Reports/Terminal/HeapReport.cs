using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The report of a live heap: how much, for how long the process stood still, by type, what is missing, what to type next.</summary>
public static class HeapReport
{
    private const int Indent = 2;

    /// <param name="types">Rows of the table.</param>
    public static void Write(IAnsiConsole console, HeapAnswer answer, int types)
    {
        console.WriteLine();
        WriteHeadline(console, answer);
        if (answer.Facts.Core is null)
            WriteMemory(console, answer);
        console.WriteLine();
        new TypeRows(console).Write(answer.ByType, types);
        TroubleLines.Write(console, answer.Facts, answer.Trouble);
        WriteNextSteps(console, answer, types);
    }

    private static void WriteHeadline(IAnsiConsole console, HeapAnswer answer)
    {
        var facts = answer.Facts;
        var glyphs = Glyphs.For(console);
        console.Write(new StyledLine().Spaces(Indent)
            .Add($"{Quantities.Count(answer.ByType.Objects, "object")}, {Quantities.Bytes(answer.ByType.Bytes)}", Palette.Figure)
            .Add($" {glyphs.Dot} {Quantities.Count(answer.ByType.Types.Count, "type")}"
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

    private static void WriteNextSteps(IAnsiConsole console, HeapAnswer answer, int types)
    {
        var pid = answer.Facts.Subject;
        console.WriteLine();
        if (types < answer.ByType.Types.Count)
            NextStep.Write(console, $"hognose heap {pid} --all", "every type");
        NextStep.Write(console, $"hognose biggest {pid}", "what keeps the most alive, and who holds it");
        NextStep.Write(console, "hognose run script.py", "who allocates, from the program's start");
    }
}
