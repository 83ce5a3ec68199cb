using System.Globalization;
using Hognose.Heap;
using Hognose.Insights.Collections;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The collectors of a running program: a table of now, then a line for each time that something was collected.</summary>
public static class CollectorReport
{
    private const int Indent = 2;
    private const int Column = 13;

    // With a column of objects, all stand on eighty columns, that of time included.
    private const int NarrowColumn = 8;
    private const int NarrowTime = 10;

    // Bits of gc.set_debug (Modules/gcmodule.c).
    private static readonly (int Bit, string Name)[] Flags = [(1, "DEBUG_STATS"), (2, "DEBUG_COLLECTABLE"), (4, "DEBUG_UNCOLLECTABLE"), (32, "DEBUG_SAVEALL")];

    public static void WriteNow(IAnsiConsole console, CollectorProcess process, CollectorReading reading)
    {
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add($"pid {process.ProcessId} ({Names.Printable(process.ProgramName)}), Python {process.PythonVersion}", Palette.Dim));
        foreach (var state in reading.Interpreters)
            WriteState(console, state, reading.Interpreters.Count > 1);
    }

    /// <summary>One line for each generation that was collected between two readings.</summary>
    public static void WriteWork(IAnsiConsole console, CollectorReading after, IReadOnlyList<GenerationWork> works)
    {
        var time = after.Time.ToLocalTime().ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);
        foreach (var work in works)
        {
            var counts = after.Interpreters.First(state => state.InterpreterId == work.InterpreterId).Generations.Select(each => Quantities.Count(each.Count));
            var line = new StyledLine().Spaces(Indent).Add(time, Palette.Dim)
                .Add(after.Interpreters.Count > 1 ? $"  interpreter {work.InterpreterId}" : "")
                .Add($"  generation {work.Generation}  ", Palette.Figure)
                .Add($"{Quantities.Count(work.Collections, "collection")}, {Quantities.Count(work.Collected, "object")} collected");
            if (work.Uncollectable > 0)
                line.Add($", {Quantities.Count(work.Uncollectable)} uncollectable", Palette.Warning);
            if (work.Seconds is { } seconds)
                line.Add($", {Glyphs.For(console).Own(Quantities.Seconds((long)(Math.Max(0, seconds) * 1e9)))}");
            console.Write(line.Add($"  (counts {string.Join(", ", counts)})", Palette.Dim));
        }
    }

    /// <summary>One collector: whether it is on, its generations, what it keeps.</summary>
    internal static void WriteState(IAnsiConsole console, CollectorState state, bool isOneOfSeveral)
    {
        console.Write(new StyledLine().Spaces(Indent)
            .Add(isOneOfSeveral ? $"Interpreter {state.InterpreterId}: the collector is " : "The collector is ")
            .Add(state.IsEnabled ? "on" : "off (gc.disable())", state.IsEnabled ? Palette.Figure : Palette.Warning)
            .Add(state.IsIncremental ? ", incremental" : "")
            .Add(state.IsCollecting ? ", at work now" : "")
            .Add(state.DebugFlags != 0 ? $", gc.set_debug({WordsOf(state.DebugFlags)})" : "")
            .Add("."));
        console.WriteLine();
        WriteTable(console, state);
        console.WriteLine();
        var rest = $"gc.garbage holds {Quantities.Count(state.GarbageObjects, "object")}; {Quantities.Count(state.Callbacks, "callback")}";
        if (state.TrackedObjects is { } tracked)
            rest += $"; {Quantities.Count(tracked, "object")} tracked";
        if (state.FrozenObjects is > 0 and var frozen)
            rest += $"; gc.freeze() keeps {Quantities.Count(frozen, "object")} out of collections";
        foreach (var line in Names.Wrap(rest, console.Profile.Width - Indent))
            console.Write(new StyledLine().Spaces(Indent).Add(line, state.GarbageObjects > 0 ? Palette.Warning : Palette.Dim));
        console.WriteLine();
    }

    private static void WriteTable(IAnsiConsole console, CollectorState state)
    {
        var hasTime = state.Generations.Any(each => each.Seconds is not null);
        var hasObjects = state.Generations.All(each => each.Objects is not null);
        var (generation, time) = hasObjects ? ("gen", NarrowTime) : ("generation", Column);
        var head = new StyledLine().Spaces(Indent).Add(generation, Palette.Dim);
        foreach (var (title, _) in Figures(state.Generations.Count > 0 ? state.Generations[0] : null, hasObjects))
            head.Right(title, WidthOf(title, hasObjects), Palette.Dim);
        console.Write(hasTime ? head.Right("time", time, Palette.Dim) : head);
        for (var number = 0; number < state.Generations.Count; number++)
        {
            var each = state.Generations[number];
            var row = new StyledLine().Spaces(Indent).Right(number.ToString(CultureInfo.InvariantCulture), generation.Length);
            foreach (var (title, figure) in Figures(each, hasObjects))
                row.Right(Quantities.Count(figure), WidthOf(title, hasObjects));
            console.Write(each.Seconds is { } seconds ? row.Right(Glyphs.For(console).Own(Quantities.Seconds((long)(seconds * 1e9))), time) : row);
        }
    }

    private static IEnumerable<(string Title, long Figure)> Figures(GenerationState? each, bool hasObjects)
    {
        if (hasObjects)
            yield return ("objects", each?.Objects ?? 0);
        yield return ("count", each?.Count ?? 0);
        yield return ("threshold", each?.Threshold ?? 0);
        yield return ("collections", each?.Collections ?? 0);
        yield return ("collected", each?.Collected ?? 0);
        yield return ("uncollectable", each?.Uncollectable ?? 0);
    }

    private static int WidthOf(string title, bool hasObjects) => !hasObjects ? Column + 1
        : title == "objects" ? title.Length + 3
        : title == "collected" ? title.Length + 2
        : Math.Max(NarrowColumn, title.Length + 1);

    private static string WordsOf(int flags)
    {
        var names = Flags.Where(flag => (flags & flag.Bit) != 0).Select(flag => flag.Name).ToList();
        var rest = flags & ~Flags.Sum(flag => flag.Bit);
        if (rest != 0)
            names.Add(rest.ToString(CultureInfo.InvariantCulture));
        return string.Join(" | ", names);
    }
}
