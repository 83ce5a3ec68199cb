using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Heap.Resident;
using Hognose.Targets.Resident;

namespace Hognose.Cli.Heaps;

/// <summary>What a snapshot keeps of a process besides its objects.</summary>
/// <param name="Resident">Null where it is not known.</param>
internal sealed record SnapshotState(
    IReadOnlyList<Holder> Modules, IReadOnlyList<RunningThread> Threads, IReadOnlyList<CollectorState> Collectors, (ResidentMemory Memory, ResidentAccount Account)? Resident)
{
    private const double NanosecondsPerSecond = 1e9;

    public static HeapFileThread Of(RunningThread thread, Redaction redaction) => new(
        thread.Number, redaction.Of(thread.Name), thread.NativeId,
        [.. thread.Frames.Select(frame => new HeapFileFrame(
            frame.Function, frame.File, frame.Line, [.. frame.Variables.Select(each => new HeapFileVariable(redaction.Of(each.Name), each.Node))]))]);

    public static RunningThread Of(HeapFileThread thread) => new(
        thread.Number, thread.Name, thread.NativeId,
        [.. thread.Frames.Select(frame => new RunningFrame(
            frame.Function, frame.File, frame.Line, [.. frame.Variables.Select(each => new FrameVariable(each.Name, each.Node))]))]);

    /// <summary>Counts of a process may be anything; the file has no negative ones.</summary>
    public static HeapFileCollector Of(CollectorState state) => new(
        Math.Max(0, state.InterpreterId), state.IsEnabled, state.IsCollecting, state.IsIncremental, state.DebugFlags, Math.Max(0, state.GarbageObjects),
        Math.Max(0, state.Callbacks), state.FrozenObjects ?? 0, Math.Max(-1, state.TrackedObjects ?? -1),
        [.. state.Generations.Select(each => new HeapFileGeneration(
            each.Threshold, each.Count, each.Objects ?? -1, Math.Max(0, each.Collections), Math.Max(0, each.Collected), Math.Max(0, each.Uncollectable),
            each.Seconds is { } seconds ? (long)Math.Clamp(Math.Round(seconds * NanosecondsPerSecond), 0, long.MaxValue / 2) : -1, Math.Max(-1, each.Candidates ?? -1)))]);

    public static CollectorState Of(HeapFileCollector collector) => new(
        collector.Interpreter, collector.IsEnabled, collector.DebugFlags, collector.IsCollecting, collector.IsIncremental,
        [.. collector.Generations.Select(each => new GenerationState(
            each.Threshold, each.Count, each.Collections, each.Collected, each.Uncollectable,
            each.Nanoseconds < 0 ? null : each.Nanoseconds / NanosecondsPerSecond, each.Candidates < 0 ? null : each.Candidates) { Objects = each.Objects < 0 ? null : each.Objects })],
        collector.Garbage, collector.Callbacks, collector.Tracked < 0 ? null : collector.Tracked) { FrozenObjects = collector.Frozen };
}
