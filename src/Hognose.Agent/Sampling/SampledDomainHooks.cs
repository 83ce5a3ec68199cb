using Hognose.Formats.Ring;

namespace Hognose.Agent.Sampling;

/// <summary>The functions CPython calls in its object and mem domains when only samples are told. The way of nearly every call is a few instructions around the original.</summary>
internal static unsafe class SampledDomainHooks
{
    public static byte* MemMalloc(void* context, nuint size)
    {
        var agent = Agent.State;
        return SampledHook.Passes(agent, size)
            ? SampledHook.Inside(agent, &agent->MemOriginal, size)
            : SampledHook.Malloc(agent, &agent->MemOriginal, AllocatorDomain.Mem, size);
    }

    public static byte* MemCalloc(void* context, nuint count, nuint each)
    {
        var agent = Agent.State;
        return SampledHook.Calloc(agent, &agent->MemOriginal, AllocatorDomain.Mem, count, each);
    }

    public static byte* MemRealloc(void* context, byte* block, nuint size)
    {
        var agent = Agent.State;
        return SampledHook.Realloc(agent, &agent->MemOriginal, AllocatorDomain.Mem, block, size);
    }

    public static void MemFree(void* context, byte* block)
    {
        var agent = Agent.State;
        if (!SampledHook.IsUnknown(agent, block))
            SampledHook.Freeing(agent, AllocatorDomain.Mem, block);
        ((delegate*<void*, byte*, void>)agent->MemOriginal.Free)(agent->MemOriginal.Context, block);
    }

    /// <summary>Of a program whose heap is to be looked at before its end.</summary>
    public static void MemFreeHolding(void* context, byte* block)
    {
        if (*Agent.State->Finalizing != 0)
            SampledHook.TearDown(Agent.State);
        MemFree(context, block);
    }

    public static byte* ObjectMalloc(void* context, nuint size)
    {
        var agent = Agent.State;
        return SampledHook.Passes(agent, size)
            ? SampledHook.Inside(agent, &agent->ObjectOriginal, size)
            : SampledHook.Malloc(agent, &agent->ObjectOriginal, AllocatorDomain.Object, size);
    }

    public static byte* ObjectCalloc(void* context, nuint count, nuint each)
    {
        var agent = Agent.State;
        return SampledHook.Calloc(agent, &agent->ObjectOriginal, AllocatorDomain.Object, count, each);
    }

    public static byte* ObjectRealloc(void* context, byte* block, nuint size)
    {
        var agent = Agent.State;
        return SampledHook.Realloc(agent, &agent->ObjectOriginal, AllocatorDomain.Object, block, size);
    }

    public static void ObjectFree(void* context, byte* block)
    {
        var agent = Agent.State;
        if (!SampledHook.IsUnknown(agent, block) || SampledHook.IsCode(agent, block))
            SampledHook.Freeing(agent, AllocatorDomain.Object, block);
        ((delegate*<void*, byte*, void>)agent->ObjectOriginal.Free)(agent->ObjectOriginal.Context, block);
    }

    /// <inheritdoc cref="MemFreeHolding"/>
    public static void ObjectFreeHolding(void* context, byte* block)
    {
        if (*Agent.State->Finalizing != 0)
            SampledHook.TearDown(Agent.State);
        ObjectFree(context, block);
    }
}
