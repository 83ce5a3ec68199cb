using Hognose.CPython.Collector;
using Hognose.CPython.Layouts;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Tests.Synthetic;

/// <summary>The collector's figures of every version that has a table, also of those that no machine here runs (3.14.0 to 3.14.4).</summary>
public sealed class CollectorReaderTests
{
    [Theory, ClassData(typeof(AllLayouts))]
    public void What_was_written_is_read(string version)
    {
        var layout = AllLayouts.Of(version);
        using var target = new SyntheticTarget(layout);
        ref readonly var gc = ref layout.GcRuntimeState;
        var isIncremental = gc.generations == CPythonLayout.Absent;
        target.Memory.Write(target.Collector, gc.enabled, 1);
        target.Memory.Write(target.Collector, gc.debug, 36);
        target.Memory.Write(target.Collector, gc.collecting, 1);
        target.Memory.WritePointer(target.Collector, gc.garbage, ListOf(target, layout, 5));
        if (gc.heap_size != CPythonLayout.Absent)
            target.Memory.Write(target.Collector, gc.heap_size, 1234L);
        if (isIncremental)
            target.Memory.Write(target.Collector, gc.visited_space, 1);
        for (var number = 0; number < 3; number++)
        {
            target.Memory.Write(target.ListHeads[number], layout.GcGeneration.threshold, 700 + number);
            target.Memory.Write(target.ListHeads[number], layout.GcGeneration.count, 10 + number);
            WriteStatistics(target, layout, number);
        }

        var state = Assert.Single(CollectorReader.Read(target.Frozen, new PythonRuntime(target.Build, layout), Limits.Default));

        Assert.Equal((0L, true, 36, true, isIncremental, 5L, 0), (state.InterpreterId, state.IsEnabled, state.DebugFlags, state.IsCollecting, state.IsIncremental, state.GarbageObjects, state.Callbacks));
        Assert.Equal(gc.heap_size == CPythonLayout.Absent ? null : 1234L, state.TrackedObjects);
        // gc_get_threshold_impl and gc_get_count_impl of 3.14.0: one threshold for the old, and the space that was visited first.
        Assert.Equal(isIncremental ? [700, 701, 0] : [700, 701, 702], state.Generations.Select(each => each.Threshold));
        Assert.Equal(isIncremental ? [10, 12, 11] : [10, 11, 12], state.Generations.Select(each => each.Count));
        Assert.Equal([(100L, 200L, 300L), (101L, 201L, 301L), (102L, 202L, 302L)], state.Generations.Select(each => (each.Collections, each.Collected, each.Uncollectable)));
        if (layout.GcStats.Size != CPythonLayout.Absent)
            Assert.Equal([0.5, 1.5, 2.5], state.Generations.Select(each => each.Seconds!.Value));
        else
            Assert.All(state.Generations, each => Assert.Null(each.Seconds));
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void A_list_that_is_none_and_statistics_that_are_gone_do_no_harm(string version)
    {
        var layout = AllLayouts.Of(version);
        using var target = new SyntheticTarget(layout);
        target.Memory.WritePointer(target.Collector, layout.GcRuntimeState.garbage, new TargetAddress(8));
        if (layout.GcStats.Size != CPythonLayout.Absent)
            target.Memory.WritePointer(target.Collector, layout.GcRuntimeState.generation_stats, new TargetAddress(8));

        IReadOnlyList<CollectorState> states = CollectorReader.Read(target.Frozen, new PythonRuntime(target.Build, layout), Limits.Default);

        Assert.True(layout.GcStats.Size != CPythonLayout.Absent ? states.Count == 0 : states[0].GarbageObjects == 0);
    }

    private static TargetAddress ListOf(SyntheticTarget target, CPythonLayout layout, long length)
    {
        var list = target.Memory.Allocate(layout.PyVarObject.Size);
        target.Memory.Write(list, layout.PyVarObject.ob_size, length);
        return list;
    }

    private static void WriteStatistics(SyntheticTarget target, CPythonLayout layout, int number)
    {
        ref readonly var item = ref layout.GcGenerationStats;
        TargetAddress at;
        if (layout.GcStats.Size == CPythonLayout.Absent)
            at = target.Collector + (layout.GcRuntimeState.generation_stats + number * item.Size);
        else
            at = NewestOf(target, layout, number);
        target.Memory.Write(at, item.collections, 100L + number);
        target.Memory.Write(at, item.collected, 200L + number);
        target.Memory.Write(at, item.uncollectable, 300L + number);
        if (item.duration != CPythonLayout.Absent)
            target.Memory.Write(at, item.duration, 0.5 + number);
    }

    /// <summary>3.15: the second entry of each ring is the newest.</summary>
    private static TargetAddress NewestOf(SyntheticTarget target, CPythonLayout layout, int number)
    {
        if (number == 0)
            target.Memory.WritePointer(target.Collector, layout.GcRuntimeState.generation_stats, target.Memory.Allocate(layout.GcStats.Size));
        Assert.True(target.Frozen.TryReadAddress(target.Collector + layout.GcRuntimeState.generation_stats, out var buffers));
        var ring = buffers + (number == 0 ? layout.GcStats.young : layout.GcStats.old + (number - 1) * layout.GcOldStatsBuffer.Size);
        target.Memory.Write(ring, number == 0 ? layout.GcYoungStatsBuffer.index : layout.GcOldStatsBuffer.index, (byte)1);
        return ring + ((number == 0 ? layout.GcYoungStatsBuffer.items : layout.GcOldStatsBuffer.items) + layout.GcGenerationStats.Size);
    }
}
