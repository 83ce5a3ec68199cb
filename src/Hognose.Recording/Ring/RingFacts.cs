using Hognose.Formats.Ring;

namespace Hognose.Recording.Ring;

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
    bool EveryFrameIsEntry)
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
        ring->Layout.FrameOwner < 0);

    private static long NotNegative(ulong value) => (long)Math.Min(value, long.MaxValue);
}
