using System.Runtime.CompilerServices;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Hooks;

/// <summary>
/// What each hook does around the original, inlined into twelve functions: four calls in three domains. None looks at its context, because
/// <c>PyMem_SetAllocator</c> writes five words that raw callers without the GIL may read half-written.
/// Whether anything is recorded at all is the lock's business: every branch here is one that the interpreter's own then miss in the predictor's memory.
/// A free is told before the block is given back and an allocation after it is had, so that two threads' events of one address cannot cross.
/// </summary>
internal static unsafe class AllocatorHook
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Malloc(AgentData* agent, PythonAllocator* original, AllocatorDomain domain, nuint size)
    {
        byte stack;
        if (domain == AllocatorDomain.Raw && NestingMarks.Outer(agent, &stack) != null)
            return original->Malloc(original->Context, size);
        var mark = Enter(agent, domain, &stack, AsMark(size));
        var block = original->Malloc(original->Context, size);
        Leave(domain, mark);
        if (block != null)
            BlockEvents.Allocated(agent, domain, block, size, &stack);
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Calloc(AgentData* agent, PythonAllocator* original, AllocatorDomain domain, nuint count, nuint each)
    {
        byte stack;
        if (domain == AllocatorDomain.Raw && NestingMarks.Outer(agent, &stack) is var outer && outer != null)
            return InnerCalloc(agent, original, outer, count, each);
        var mark = Enter(agent, domain, &stack, AsMark(count * each));
        var block = original->Calloc(original->Context, count, each);
        Leave(domain, mark);
        if (block != null)
            BlockEvents.Allocated(agent, domain, block, count * each, &stack);
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Realloc(AgentData* agent, PythonAllocator* original, AllocatorDomain domain, byte* block, nuint size)
    {
        byte stack;
        if (domain == AllocatorDomain.Raw && NestingMarks.Outer(agent, &stack) is var outer && outer != null)
            return InnerRealloc(agent, original, outer, block, size);
        if (block != null)
            BlockEvents.Moving(agent, domain, block, EventKind.Move, &stack);
        var mark = Enter(agent, domain, &stack, block);
        var moved = original->Realloc(original->Context, block, size);
        Leave(domain, mark);
        if (moved != null)
            BlockEvents.Allocated(agent, domain, moved, size, &stack);
        else if (block != null)
            BlockEvents.Moving(agent, domain, block, EventKind.MoveFailed, &stack);
        return moved;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Free(AgentData* agent, PythonAllocator* original, AllocatorDomain domain, byte* block)
    {
        byte stack;
        if (block == null)
            return;
        var outer = domain == AllocatorDomain.Raw ? NestingMarks.Outer(agent, &stack) : null;
        if (outer == null || outer->Block != block)
            BlockEvents.Freeing(agent, domain, block, IsInner(agent, domain, outer, block) ? AllocationEvent.InnerFree : 0, &stack);
        var mark = Enter(agent, domain, &stack, block);
        original->Free(original->Context, block);
        Leave(domain, mark);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* InnerCalloc(AgentData* agent, PythonAllocator* original, NestingMark* outer, nuint count, nuint each)
    {
        var isTable = AllocatorTables.IsFor(outer, null);
        var block = original->Calloc(original->Context, count, each);
        if (isTable)
            AllocatorTables.Note(&agent->Tables, null, block);
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* InnerRealloc(AgentData* agent, PythonAllocator* original, NestingMark* outer, byte* block, nuint size)
    {
        var isTable = AllocatorTables.IsFor(outer, block);
        var moved = original->Realloc(original->Context, block, size);
        if (isTable)
            AllocatorTables.Note(&agent->Tables, block, moved);
        return moved;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsInner(AgentData* agent, AllocatorDomain domain, NestingMark* outer, byte* block) =>
        domain == AllocatorDomain.Raw && (outer != null || AllocatorTables.Remove(&agent->Tables, block));

    /// <summary>For a call that is given no block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* AsMark(nuint size) => (byte*)Math.Min(size, NestingMark.LargestSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static NestingMark* Enter(AgentData* agent, AllocatorDomain domain, void* stack, byte* block) =>
        domain == AllocatorDomain.Raw ? null : NestingMarks.Enter(agent, stack, block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Leave(AllocatorDomain domain, NestingMark* mark)
    {
        if (domain != AllocatorDomain.Raw)
            NestingMarks.Leave(mark);
    }
}
