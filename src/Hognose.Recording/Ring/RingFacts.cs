using Hognose.Formats.Ring;

namespace Hognose.Recording.Ring;

/// <summary>How it is told which frames one call of CPython's evaluation loop runs, where C frames are recorded.</summary>
public enum EvaluationMark
{
    /// <summary>Each frame has a call of its own (≤ 3.10).</summary>
    EachFrame,

    /// <summary>Python's stack has a mark beneath the first; C's stack has none, and the loop goes by its name (3.11).</summary>
    OfPython,

    /// <summary>So has C's stack, above the function that the loop is a part of (3.12+).</summary>
    OfBoth,
}

/// <summary>What the agent says of itself, copied once: the program may change it under our eyes.</summary>
public sealed record RingFacts(
    AgentState State,
    AgentStopReason StopReason,
    uint PythonVersion,
    int ProcessId,
    uint NodeCount,
    uint CodeCount,
    ulong CodeBytes,
    long Waits,
    long WaitedNanoseconds,
    long LostEvents,
    long Forks,
    long TruncatedStacks,
    long UndescribedCodes,
    long StartedNanoseconds,
    bool NativeHooksAreOn,
    long UnhookedSlots,
    bool NativeStacksAreOn,
    long CutNativeStacks,
    EvaluationMark Evaluations)
{
    internal static unsafe RingFacts Read(RingHeader* ring) => new(
        ring->AgentState,
        ring->StopReason,
        ring->PythonVersion,
        (int)ring->ProcessId,
        (uint)Math.Min(ring->NodeCount, RingShape.Nodes),
        ring->CodeCount,
        Math.Min(ring->CodeBytes, RingShape.CodeBytes),
        NotNegative(ring->Waits),
        NotNegative(ring->WaitedNanoseconds),
        NotNegative(ring->LostEvents),
        NotNegative(ring->Forks),
        NotNegative(ring->TruncatedStacks),
        NotNegative(ring->UndescribedCodes),
        NotNegative(ring->StartedNanoseconds),
        ring->NativeHooksAreOn != 0,
        NotNegative(ring->UnhookedSlots),
        ring->NativeStacksAreOn != 0,
        NotNegative(ring->CutNativeStacks),
        MarkOf(ring->Layout));

    private static EvaluationMark MarkOf(in AgentLayout layout) =>
        layout.FrameOwner < 0 ? EvaluationMark.EachFrame : layout.FrameIsEntry >= 0 ? EvaluationMark.OfPython : EvaluationMark.OfBoth;

    private static long NotNegative(ulong value) => (long)Math.Min(value, long.MaxValue);
}
