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
        WriteMemory(console, answer);
        console.WriteLine();
        new TypeRows(console).Write(answer.ByType, types);
        WriteTrouble(console, answer);
        WriteNextSteps(console, answer, types);
    }

    private static void WriteHeadline(IAnsiConsole console, HeapAnswer answer)
    {
        var facts = answer.Facts;
        var glyphs = Glyphs.For(console);
        console.Write(new StyledLine().Spaces(Indent)
            .Add($"{Quantities.Count(answer.ByType.Objects, "object")}, {Quantities.Bytes(answer.ByType.Bytes)}", Palette.Figure)
            .Add($" {glyphs.Dot} {Quantities.Count(answer.ByType.Types.Count, "type")} {glyphs.Dot} RSS {Quantities.Bytes(facts.Memory.Resident)}"));
        console.Write(new StyledLine().Spaces(Indent).Add(
            $"pid {facts.ProcessId} ({Names.Printable(facts.ProgramName)}), Python {facts.PythonVersion}, {Quantities.Count(facts.Threads, "thread")}"
            + (facts.Interpreters > 1 ? $", {facts.Interpreters} interpreters" : ""), Palette.Dim));
        console.Write(new StyledLine().Spaces(Indent)
            .Add("The process stood still for ").Add(glyphs.Own(Quantities.Seconds((long)facts.Pause.TotalNanoseconds)), Palette.Figure)
            .Add(facts.Stops > 1 ? $" in {facts.Stops} stops (a collection was under way)" : "").Add("."));
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

    private static void WriteTrouble(IAnsiConsole console, HeapAnswer answer)
    {
        var notes = Notes(answer).ToList();
        if (notes.Count > 0)
            console.WriteLine();
        foreach (var note in notes)
            foreach (var line in Names.Wrap(note, console.Profile.Width - Indent))
                console.Write(new StyledLine().Spaces(Indent).Add(line, Palette.Warning));
    }

    private static IEnumerable<string> Notes(HeapAnswer answer)
    {
        if (answer.Facts.WasCollecting)
            yield return "A garbage collection was under way at every stop: counts may be off by objects that it was moving.";
        foreach (var (id, count) in answer.Trouble.Tally.Where(tally => HeapAnswer.IsRemark(tally.Key)))
            yield return $"{id}: {Example(answer, id)}{(count > 1 ? $" ({Quantities.Count(count)} in all)" : "")}";
        if (answer.NotRead == 0)
            yield break;
        yield return $"{Quantities.Count(answer.NotRead, "thing")} could not be read:";
        foreach (var (id, count) in answer.Trouble.Tally.Where(tally => !HeapAnswer.IsRemark(tally.Key)))
            yield return $"{id}: {Quantities.Count(count)}, the first: {Example(answer, id)}";
    }

    private static string Example(HeapAnswer answer, string id) => Names.Printable(answer.ExampleOf(id) ?? "see docs/diagnostics.md");

    private static void WriteNextSteps(IAnsiConsole console, HeapAnswer answer, int types)
    {
        var pid = answer.Facts.ProcessId;
        console.WriteLine();
        if (types < answer.ByType.Types.Count)
            WriteStep(console, $"hognose heap {pid} --all", "every type");
        WriteStep(console, "hognose run script.py", "who allocates, from the program's start");
    }

    private static void WriteStep(IAnsiConsole console, string command, string what) =>
        console.Write(new StyledLine().Spaces(Indent).Left(command, 30, Palette.Command).Spaces(2).Add(what, Palette.Dim));
}
