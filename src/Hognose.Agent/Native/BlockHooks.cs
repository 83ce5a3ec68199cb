using System.Runtime.CompilerServices;
using Hognose.Agent.Hooks;
using Hognose.Agent.Sampling;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Native;

/// <summary>
/// What libraries call in place of malloc and its kin. A call within one of CPython's object or mem allocators belongs to that one and makes no
/// event, as in the raw domain. A free is told before and an allocation after, for the same reason as there.
/// </summary>
internal static unsafe class BlockHooks
{
    public static byte* Malloc(nuint size)
    {
        byte stack;
        var agent = Agent.State;
        return Told(agent, agent->Native.Malloc(size), size, &stack);
    }

    public static byte* Calloc(nuint count, nuint each)
    {
        byte stack;
        var agent = Agent.State;
        return Told(agent, agent->Native.Calloc(count, each), count * each, &stack);
    }

    public static byte* AlignedAlloc(nuint alignment, nuint size)
    {
        byte stack;
        var agent = Agent.State;
        return Told(agent, agent->Native.AlignedAlloc(alignment, size), size, &stack);
    }

    public static byte* Memalign(nuint alignment, nuint size)
    {
        byte stack;
        var agent = Agent.State;
        return Told(agent, agent->Native.Memalign(alignment, size), size, &stack);
    }

    public static byte* Valloc(nuint size)
    {
        byte stack;
        var agent = Agent.State;
        return Told(agent, agent->Native.Valloc(size), size, &stack);
    }

    public static byte* Pvalloc(nuint size)
    {
        byte stack;
        var agent = Agent.State;
        return Told(agent, agent->Native.Pvalloc(size), size, &stack);
    }

    public static int PosixMemalign(byte** place, nuint alignment, nuint size)
    {
        byte stack;
        var agent = Agent.State;
        var failure = agent->Native.PosixMemalign(place, alignment, size);
        if (failure == 0)
            Told(agent, *place, size, &stack);
        return failure;
    }

    /// <summary>With nothing to move it is malloc, and with no bytes free.</summary>
    public static byte* Realloc(byte* block, nuint size)
    {
        byte stack;
        var agent = Agent.State;
        if (IsNested(agent, &stack))
            return agent->Native.Realloc(block, size);
        if (block == null)
            return Told(agent, agent->Native.Realloc(null, size), size, &stack);
        var isTold = SampledNative.IsToldFree(agent, block, &stack);
        if (isTold && size == 0)
            NativeEvents.Freeing(agent, block, &stack);
        else if (isTold)
            BlockEvents.Moving(agent, AllocatorDomain.Native, block, EventKind.Move, &stack);
        var moved = agent->Native.Realloc(block, size);
        if (moved == null && size != 0 && isTold)
            Stays(agent, block, &stack);
        return Told(agent, moved, size, &stack);
    }

    public static void Free(byte* block)
    {
        byte stack;
        var agent = Agent.State;
        if (block != null && !IsNested(agent, &stack) && SampledNative.IsToldFree(agent, block, &stack))
            NativeEvents.Freeing(agent, block, &stack);
        agent->Native.Free(block);
    }

    private static void Stays(AgentData* agent, byte* block, void* stack)
    {
        if (agent->Sampling.IsOn != 0)
            SampledBlocks.PutBack(agent, block, stack);
        BlockEvents.Moving(agent, AllocatorDomain.Native, block, EventKind.MoveFailed, stack);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Told(AgentData* agent, byte* block, nuint size, void* stack)
    {
        if (block != null && !IsNested(agent, stack) && SampledNative.IsTold(agent, block, size, stack))
            NativeEvents.Allocated(agent, AllocatorDomain.Native, EventKind.Allocate, block, size, stack);
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNested(AgentData* agent, void* stack) => NestingMarks.Outer(agent, stack) != null;
}
