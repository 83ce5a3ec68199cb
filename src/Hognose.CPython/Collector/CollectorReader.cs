using System.Buffers.Binary;
using Hognose.CPython.Layouts;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Collector;

/// <summary>
/// The collectors' own figures, from a process that runs on: thresholds, counts, statistics (gc.get_threshold, gc.get_count, gc.get_stats). One
/// read takes a whole struct, so its figures are of one moment.
/// </summary>
public static class CollectorReader
{
    private const int Generations = 3;

    /// <summary>One state an interpreter, the main one first. Empty when the memory can no longer be read: the process ends.</summary>
    public static IReadOnlyList<CollectorState> Read(IMemoryReader memory, PythonRuntime runtime, Limits limits)
    {
        var states = new List<CollectorState>();
        foreach (var interpreter in runtime.ReadInterpreters(memory, limits, withThreads: false).OrderBy(each => each.Id))
            if (ReadOne(memory, runtime, interpreter) is { } state)
                states.Add(state);
        // Up to 3.8 all interpreters share one collector.
        return runtime.Layout.PyRuntimeState.gc != CPythonLayout.Absent ? [.. states.Take(1)] : states;
    }

    /// <summary>The same of a frozen target whose lists were gone over: with the number of objects on each.</summary>
    public static IReadOnlyList<CollectorState> Read(
        IMemoryReader memory, PythonRuntime runtime, IReadOnlyDictionary<ulong, IReadOnlyList<long>> trackedByGeneration, Limits limits)
    {
        var byId = new Dictionary<long, IReadOnlyList<long>>();
        foreach (var interpreter in runtime.ReadInterpreters(memory, limits, withThreads: false))
            if (trackedByGeneration.TryGetValue(runtime.CollectorOf(interpreter).Value, out var counts))
                byId.TryAdd(interpreter.Id, counts);
        return [.. Read(memory, runtime, limits).Select(state => byId.TryGetValue(state.InterpreterId, out var counts) ? WithCounts(state, counts) : state)];
    }

    /// <summary>The incremental collector's old spaces change places: which is which is not told here.</summary>
    private static CollectorState WithCounts(CollectorState state, IReadOnlyList<long> counts) => state with
    {
        Generations = [.. state.Generations.Select((generation, number) => number < counts.Count - 1 && !state.IsIncremental ? generation with { Objects = counts[number] } : generation)],
        FrozenObjects = counts.Count > 0 ? counts[^1] : null,
    };

    private static CollectorState? ReadOne(IMemoryReader memory, PythonRuntime runtime, PythonInterpreter interpreter)
    {
        var layout = runtime.Layout;
        ref readonly var gc = ref layout.GcRuntimeState;
        var address = runtime.CollectorOf(interpreter);
        var bytes = new byte[gc.Size];
        if (!memory.TryRead(address, bytes) || ReadStatistics(memory, layout, bytes) is not { } statistics)
            return null;
        var generations = new List<GenerationState>();
        for (var number = 0; number < Generations; number++)
            generations.Add(statistics[number] with { Threshold = Threshold(layout, bytes, number), Count = Count(layout, bytes, number) });
        return new CollectorState(
            interpreter.Id,
            Int(bytes, gc.enabled) != 0,
            Int(bytes, gc.debug),
            Int(bytes, gc.collecting) != 0,
            gc.generations == CPythonLayout.Absent,
            generations,
            LengthOfList(memory, layout, bytes, gc.garbage),
            (int)LengthOfList(memory, layout, bytes, gc.callbacks),
            gc.heap_size == CPythonLayout.Absent ? null : Long(bytes, gc.heap_size));
    }

    /// <summary>The incremental collector has one threshold for all old objects, and says 0 for the third (gc_get_threshold_impl).</summary>
    private static int Threshold(CPythonLayout layout, byte[] bytes, int number) =>
        HeadOfThreshold(layout, number) is { } head ? Int(bytes, head + layout.GcGeneration.threshold) : 0;

    private static int? HeadOfThreshold(CPythonLayout layout, int number)
    {
        ref readonly var gc = ref layout.GcRuntimeState;
        if (gc.generations != CPythonLayout.Absent)
            return gc.generations + number * layout.GcGeneration.Size;
        return number switch { 0 => gc.young, 1 => gc.old, _ => null };
    }

    /// <summary>Of the two old spaces the one that was visited comes first (gc_get_count_impl).</summary>
    private static int Count(CPythonLayout layout, byte[] bytes, int number)
    {
        ref readonly var gc = ref layout.GcRuntimeState;
        var size = layout.GcGeneration.Size;
        var head = gc.generations != CPythonLayout.Absent ? gc.generations + number * size
            : number == 0 ? gc.young
            : gc.old + ((Int(bytes, gc.visited_space) ^ (number - 1)) & 1) * size;
        return Int(bytes, head + layout.GcGeneration.count);
    }

    private static GenerationState[]? ReadStatistics(IMemoryReader memory, CPythonLayout layout, byte[] bytes)
    {
        ref readonly var gc = ref layout.GcRuntimeState;
        if (layout.GcStats.Size == CPythonLayout.Absent)
            return [.. Enumerable.Range(0, Generations).Select(number => Statistics(layout, bytes.AsSpan(layout.GcRuntimeState.generation_stats + number * layout.GcGenerationStats.Size)))];
        var buffers = new byte[layout.GcStats.Size];
        if (!memory.TryRead(new TargetAddress((ulong)Long(bytes, gc.generation_stats)), buffers))
            return null;
        var old = layout.GcStats.old;
        return
        [
            Latest(layout, buffers.AsSpan(layout.GcStats.young), layout.GcYoungStatsBuffer.items, layout.GcYoungStatsBuffer.index),
            Latest(layout, buffers.AsSpan(old), layout.GcOldStatsBuffer.items, layout.GcOldStatsBuffer.index),
            Latest(layout, buffers.AsSpan(old + layout.GcOldStatsBuffer.Size), layout.GcOldStatsBuffer.items, layout.GcOldStatsBuffer.index),
        ];
    }

    /// <summary>3.15 keeps the last few collections in a ring; each entry has the totals up to it.</summary>
    private static GenerationState Latest(CPythonLayout layout, ReadOnlySpan<byte> buffer, int items, int index)
    {
        var size = layout.GcGenerationStats.Size;
        var newest = buffer[index];
        return Statistics(layout, buffer[(items + Math.Min(newest, (index - items) / size - 1) * size)..]);
    }

    private static GenerationState Statistics(CPythonLayout layout, ReadOnlySpan<byte> item)
    {
        ref readonly var fields = ref layout.GcGenerationStats;
        return new GenerationState(
            0,
            0,
            BinaryPrimitives.ReadInt64LittleEndian(item[fields.collections..]),
            BinaryPrimitives.ReadInt64LittleEndian(item[fields.collected..]),
            BinaryPrimitives.ReadInt64LittleEndian(item[fields.uncollectable..]),
            fields.duration == CPythonLayout.Absent ? null : BinaryPrimitives.ReadDoubleLittleEndian(item[fields.duration..]),
            fields.candidates == CPythonLayout.Absent ? null : BinaryPrimitives.ReadInt64LittleEndian(item[fields.candidates..]));
    }

    /// <summary>0 where there is no list, or what is there is not believable.</summary>
    private static long LengthOfList(IMemoryReader memory, CPythonLayout layout, byte[] bytes, int offset)
    {
        var list = new TargetAddress((ulong)Long(bytes, offset));
        return !list.IsNull && memory.TryRead(list + layout.PyVarObject.ob_size, out long length) && length is >= 0 and < int.MaxValue ? length : 0;
    }

    private static int Int(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));

    private static long Long(byte[] bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(offset));
}
