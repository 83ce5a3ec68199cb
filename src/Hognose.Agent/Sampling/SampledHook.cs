using System.Runtime.CompilerServices;
using Hognose.Agent.Events;
using Hognose.Agent.Hooks;
using Hognose.Agent.Stacks;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Sampling;

/// <summary>
/// What each hook does when only samples are told: an allocation counts down its bytes, a free looks into a small filter and goes on to the original
/// by a jump. A call inside a call belongs to the outer one, as ever: pymalloc hands large blocks on, and takes its own tables (384 KiB of the radix
/// tree from 3.10 on) within whatever small call needs a new arena.
/// </summary>
internal static unsafe class SampledHook
{
    /// <summary>pymalloc's limit of 512, less what the debug hooks add to a block.</summary>
    private const nuint LargestOwn = 448;
    private const int TypeOffset = 8;

    /// <summary>Counts the bytes down. True: no sample, and nothing that pymalloc hands on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Passes(AgentData* agent, nuint size)
    {
        var left = agent->Sampling.Left - (long)size;
        agent->Sampling.Left = left;
        return left >= 0 && size <= LargestOwn;
    }

    /// <summary>A call that <see cref="Passes"/>. One word for all marks these, for two stores and no more: the GIL is held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Inside(AgentData* agent, PythonAllocator* original, nuint size)
    {
        byte stack;
        agent->Sampling.Inside = (nuint)(&stack);
        var block = original->Malloc(original->Context, size);
        agent->Sampling.Inside = 0;
        return block;
    }

    /// <summary>A call of the raw domain that belongs to one of another domain under way.</summary>
    public static bool IsInner(AgentData* agent, void* stack) =>
        NestingMarks.IsWithin(agent->Sampling.Inside, stack) || NestingMarks.Outer(agent, stack) != null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* Malloc(AgentData* agent, PythonAllocator* original, AllocatorDomain domain, nuint size)
    {
        byte stack;
        var isSample = agent->Sampling.Left < 0;
        var mark = NestingMarks.Enter(agent, &stack, null);
        var block = original->Malloc(original->Context, size);
        NestingMarks.Leave(mark);
        if (isSample)
            Tell(agent, &agent->Sampling.Left, domain, block, size, &stack);
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* Calloc(AgentData* agent, PythonAllocator* original, AllocatorDomain domain, nuint count, nuint each)
    {
        byte stack;
        agent->Sampling.Left -= (long)(count * each);
        var isSample = agent->Sampling.Left < 0;
        var mark = NestingMarks.Enter(agent, &stack, null);
        var block = original->Calloc(original->Context, count, each);
        NestingMarks.Leave(mark);
        if (isSample)
            Tell(agent, &agent->Sampling.Left, domain, block, count * each, &stack);
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* Realloc(AgentData* agent, PythonAllocator* original, AllocatorDomain domain, byte* block, nuint size)
    {
        byte stack;
        var wasSample = Moves(agent, domain, block, &stack);
        var mark = NestingMarks.Enter(agent, &stack, block);
        var moved = original->Realloc(original->Context, block, size);
        NestingMarks.Leave(mark);
        if (moved == null && wasSample)
            Stays(agent, domain, block, &stack);
        if (moved == null)
            return null;
        agent->Sampling.Left -= (long)size;
        if (agent->Sampling.Left < 0)
            Tell(agent, &agent->Sampling.Left, domain, moved, size, &stack);
        return moved;
    }

    /// <summary>True: it needs no other look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUnknown(AgentData* agent, byte* block) => agent->Sampling.Filter[SamplingData.Index(block)] == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsCode(AgentData* agent, byte* block) => block != null && *(nint*)(block + TypeOffset) == agent->CodeType;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Freeing(AgentData* agent, AllocatorDomain domain, byte* block)
    {
        byte stack;
        if (block == null)
            return;
        if (SampledBlocks.Remove(agent, block, &stack))
            BlockEvents.FreeingSample(agent, domain, block, &stack);
        else if (domain != AllocatorDomain.Mem && EventLock.Take(agent, &stack))
        {
            if (domain == AllocatorDomain.Raw)
                ThreadTable.Retire(agent, (nint)block);
            else
                CodeTable.Retire(agent, (nint)block);
            EventLock.Release(agent);
        }
    }

    /// <summary>Before the first free of CPython's shutdown, whatever it frees: the tool wants to look at a heap that is whole.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void TearDown(AgentData* agent)
    {
        byte stack;
        if (!EventLock.Take(agent, &stack))
            return;
        if (*agent->Finalizing != 0)
            EventWriter.WriteTearDown(agent, &stack);
        EventLock.Release(agent);
    }

    /// <summary>Before a realloc. True: the block was a sample.</summary>
    public static bool Moves(AgentData* agent, AllocatorDomain domain, byte* block, void* stack)
    {
        if (block == null || IsUnknown(agent, block) || !SampledBlocks.Remove(agent, block, stack))
            return false;
        BlockEvents.Moving(agent, domain, block, EventKind.Move, stack);
        return true;
    }

    public static void Stays(AgentData* agent, AllocatorDomain domain, byte* block, void* stack)
    {
        SampledBlocks.PutBack(agent, block, stack);
        BlockEvents.Moving(agent, domain, block, EventKind.MoveFailed, stack);
    }

    public static void Tell(AgentData* agent, long* left, AllocatorDomain domain, byte* block, nuint size, void* stack)
    {
        if (!SampledBlocks.Begin(agent, left, block, stack))
            return;
        BlockEvents.Allocated(agent, domain, block, size, stack);
        SampledBlocks.Watch(agent, agent->SeenThreadState);
    }
}
