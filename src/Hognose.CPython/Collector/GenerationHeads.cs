using Hognose.CPython.Walk;

namespace Hognose.CPython.Collector;

/// <summary>
/// Where the collector's lists begin. Generation 0 is pointed at (<c>generation0</c>), which holds whatever the alignment of the struct
/// (3.13.16 moved <c>generations</c> by four bytes); the incremental collector of 3.14.0 to 3.14.4 has young and two old spaces instead.
/// </summary>
internal static class GenerationHeads
{
    private const int Generations = 3;
    private const int OldSpaces = 2;

    /// <summary>Of each collector its generations, the youngest first, and behind them what gc.freeze keeps out.</summary>
    public static IReadOnlyList<(ulong Collector, IReadOnlyList<ulong> Heads)> Of(WalkContext context, InterpreterStates states) =>
        [.. Collectors(context, states).Select(collector => (collector, (IReadOnlyList<ulong>)HeadsOf(context, collector)))];

    /// <summary>Up to 3.8 there is one collector a process, afterwards one an interpreter.</summary>
    private static IEnumerable<ulong> Collectors(WalkContext context, InterpreterStates states)
    {
        var perInterpreter = context.Layout.PyInterpreterState.gc;
        return perInterpreter >= 0
            ? states.Interpreters.Select(interpreter => interpreter + (ulong)perInterpreter)
            : [states.Runtime + (ulong)context.Layout.PyRuntimeState.gc];
    }

    private static List<ulong> HeadsOf(WalkContext context, ulong collector)
    {
        var heads = new List<ulong>();
        var gc = context.Layout.GcRuntimeState;
        var step = (ulong)context.Layout.GcGeneration.Size;
        if (gc.generation0 >= 0)
        {
            var first = context.Memory.U64(collector + (ulong)gc.generation0);
            for (var i = 0ul; i < Generations; i++)
                heads.Add(first + i * step);
        }
        else
        {
            heads.Add(collector + (ulong)gc.young);
            for (var i = 0ul; i < OldSpaces; i++)
                heads.Add(collector + (ulong)gc.old + i * step);
        }
        heads.Add(collector + (ulong)gc.permanent_generation);
        return heads;
    }
}
