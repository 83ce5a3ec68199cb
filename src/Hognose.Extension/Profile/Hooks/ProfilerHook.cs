using System.Runtime.CompilerServices;
using Hognose.Agent.Hooks;
using Hognose.Formats.Ring;

namespace Hognose.Extension.Profile.Hooks;

/// <summary>What each of the profiler's hooks does around the original; the rules are those of the agent's hooks.</summary>
internal static unsafe class ProfilerHook
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Malloc(ProfilerData* data, PythonAllocator* original, AllocatorDomain domain, nuint size)
    {
        byte stack;
        if (data->IsCounting == 0 || IsNested(domain, &stack))
            return PassMalloc(data, original, domain, size);
        var mark = Enter(domain, &stack, null);
        var block = original->Malloc(original->Context, size);
        Leave(domain, mark);
        if (block != null)
            BlockCounting.Allocated(data, domain, block, size);
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Calloc(ProfilerData* data, PythonAllocator* original, AllocatorDomain domain, nuint count, nuint each)
    {
        byte stack;
        if (data->IsCounting == 0 || IsNested(domain, &stack))
            return PassCalloc(original, count, each);
        var mark = Enter(domain, &stack, null);
        var block = original->Calloc(original->Context, count, each);
        Leave(domain, mark);
        if (block != null)
            BlockCounting.Allocated(data, domain, block, count * each);
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Realloc(ProfilerData* data, PythonAllocator* original, AllocatorDomain domain, byte* block, nuint size)
    {
        byte stack;
        if (data->IsCounting == 0 || IsNested(domain, &stack))
            return PassRealloc(original, block, size);
        var known = BlockCounting.TakeOut(data, block);
        var mark = Enter(domain, &stack, block);
        var moved = original->Realloc(original->Context, block, size);
        Leave(domain, mark);
        if (moved != null)
            BlockCounting.Moved(data, domain, block, known, moved, size);
        else
            BlockCounting.PutBack(data, known);
        return moved;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Free(ProfilerData* data, PythonAllocator* original, AllocatorDomain domain, byte* block)
    {
        byte stack;
        if (block == null || data->IsCounting == 0 || IsNested(domain, &stack))
        {
            PassFree(original, block);
            return;
        }
        var endsCall = BlockCounting.Freeing(data, domain, block);
        var mark = Enter(domain, &stack, block);
        original->Free(original->Context, block);
        Leave(domain, mark);
        if (endsCall)
            OpenCalls.End(data);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNested(AllocatorDomain domain, void* stack) =>
        domain == AllocatorDomain.Raw && NestingMarks.Outer(Hognose.Agent.Agent.State, stack) != null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static NestingMark* Enter(AllocatorDomain domain, void* stack, byte* block) =>
        domain == AllocatorDomain.Raw ? null : NestingMarks.Enter(Hognose.Agent.Agent.State, stack, block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Leave(AllocatorDomain domain, NestingMark* mark)
    {
        if (domain != AllocatorDomain.Raw)
            NestingMarks.Leave(mark);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* PassMalloc(ProfilerData* data, PythonAllocator* original, AllocatorDomain domain, nuint size)
    {
        if (data->IsProbing)
            data->Reached |= 1 << (int)domain;
        return original->Malloc(original->Context, size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* PassCalloc(PythonAllocator* original, nuint count, nuint each) => original->Calloc(original->Context, count, each);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* PassRealloc(PythonAllocator* original, byte* block, nuint size) => original->Realloc(original->Context, block, size);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PassFree(PythonAllocator* original, byte* block) => original->Free(original->Context, block);
}
