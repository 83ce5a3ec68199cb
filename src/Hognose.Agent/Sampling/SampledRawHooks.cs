using System.Runtime.CompilerServices;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Sampling;

/// <summary>The functions CPython calls in its raw domain, with the GIL or without, when only samples are told.</summary>
internal static unsafe class SampledRawHooks
{
    public static byte* Malloc(void* context, nuint size)
    {
        byte stack;
        var agent = Agent.State;
        return Told(agent, agent->RawOriginal.Malloc(agent->RawOriginal.Context, size), size, &stack);
    }

    public static byte* Calloc(void* context, nuint count, nuint each)
    {
        byte stack;
        var agent = Agent.State;
        return Told(agent, agent->RawOriginal.Calloc(agent->RawOriginal.Context, count, each), count * each, &stack);
    }

    public static byte* Realloc(void* context, byte* block, nuint size)
    {
        byte stack;
        var agent = Agent.State;
        if (SampledHook.IsInner(agent, &stack))
            return agent->RawOriginal.Realloc(agent->RawOriginal.Context, block, size);
        var wasSample = SampledHook.Moves(agent, AllocatorDomain.Raw, block, &stack);
        var moved = agent->RawOriginal.Realloc(agent->RawOriginal.Context, block, size);
        if (moved == null && wasSample)
            SampledHook.Stays(agent, AllocatorDomain.Raw, block, &stack);
        return Told(agent, moved, size, &stack);
    }

    public static void Free(void* context, byte* block)
    {
        var agent = Agent.State;
        if (!SampledHook.IsUnknown(agent, block))
            SampledHook.Freeing(agent, AllocatorDomain.Raw, block);
        ((delegate*<void*, byte*, void>)agent->RawOriginal.Free)(agent->RawOriginal.Context, block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Told(AgentData* agent, byte* block, nuint size, void* stack)
    {
        if (block == null || SampledHook.IsInner(agent, stack))
            return block;
        var left = SamplingData.StripeOf(agent, stack);
        if (SampledBlocks.IsSample(agent, left, size))
            SampledHook.Tell(agent, left, AllocatorDomain.Raw, block, size, stack);
        return block;
    }
}
