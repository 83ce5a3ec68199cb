namespace Hognose.Formats.Heap;

/// <summary>A thread that ran Python code.</summary>
/// <param name="Number">1 for the main thread, then in the order in which they started.</param>
/// <param name="NativeId">The kernel's; 0 where it is not known.</param>
/// <param name="Frames">Innermost first.</param>
public sealed record HeapFileThread(int Number, string Name, long NativeId, IReadOnlyList<HeapFileFrame> Frames);

/// <param name="Line">0 where it is not known.</param>
public sealed record HeapFileFrame(string Function, string File, int Line, IReadOnlyList<HeapFileVariable> Variables);

public readonly record struct HeapFileVariable(string Name, int Node);

/// <summary>The collector of one interpreter.</summary>
/// <param name="DebugFlags">As gc.set_debug takes them.</param>
/// <param name="Garbage">Objects in gc.garbage.</param>
/// <param name="Frozen">Kept out by gc.freeze().</param>
/// <param name="Tracked">-1 where it is not counted.</param>
public sealed record HeapFileCollector(
    long Interpreter, bool IsEnabled, bool IsCollecting, bool IsIncremental, int DebugFlags, long Garbage, int Callbacks, long Frozen, long Tracked,
    IReadOnlyList<HeapFileGeneration> Generations);

/// <param name="Objects">That are in it; -1 where that is not known.</param>
/// <param name="Nanoseconds">Spent in collections; -1 where it is not kept.</param>
/// <param name="Candidates">Objects looked through; -1 where it is not kept.</param>
public readonly record struct HeapFileGeneration(
    int Threshold, int Count, long Objects, long Collections, long Collected, long Uncollectable, long Nanoseconds, long Candidates);
