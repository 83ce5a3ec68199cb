using Hognose.Formats.Ring;

namespace Hognose.Agent.Hooks;

/// <summary>The twelve functions CPython calls. Their addresses are plain code addresses with the C calling convention.</summary>
internal static unsafe class DomainHooks
{
    public static byte* RawMalloc(void* context, nuint size)
    {
        var agent = Agent.State;
        return AllocatorHook.Malloc(agent, &agent->RawOriginal, AllocatorDomain.Raw, size);
    }

    public static byte* RawCalloc(void* context, nuint count, nuint each)
    {
        var agent = Agent.State;
        return AllocatorHook.Calloc(agent, &agent->RawOriginal, AllocatorDomain.Raw, count, each);
    }

    public static byte* RawRealloc(void* context, byte* block, nuint size)
    {
        var agent = Agent.State;
        return AllocatorHook.Realloc(agent, &agent->RawOriginal, AllocatorDomain.Raw, block, size);
    }

    public static void RawFree(void* context, byte* block)
    {
        var agent = Agent.State;
        AllocatorHook.Free(agent, &agent->RawOriginal, AllocatorDomain.Raw, block);
    }

    public static byte* MemMalloc(void* context, nuint size)
    {
        var agent = Agent.State;
        return AllocatorHook.Malloc(agent, &agent->MemOriginal, AllocatorDomain.Mem, size);
    }

    public static byte* MemCalloc(void* context, nuint count, nuint each)
    {
        var agent = Agent.State;
        return AllocatorHook.Calloc(agent, &agent->MemOriginal, AllocatorDomain.Mem, count, each);
    }

    public static byte* MemRealloc(void* context, byte* block, nuint size)
    {
        var agent = Agent.State;
        return AllocatorHook.Realloc(agent, &agent->MemOriginal, AllocatorDomain.Mem, block, size);
    }

    public static void MemFree(void* context, byte* block)
    {
        var agent = Agent.State;
        AllocatorHook.Free(agent, &agent->MemOriginal, AllocatorDomain.Mem, block);
    }

    public static byte* ObjectMalloc(void* context, nuint size)
    {
        var agent = Agent.State;
        return AllocatorHook.Malloc(agent, &agent->ObjectOriginal, AllocatorDomain.Object, size);
    }

    public static byte* ObjectCalloc(void* context, nuint count, nuint each)
    {
        var agent = Agent.State;
        return AllocatorHook.Calloc(agent, &agent->ObjectOriginal, AllocatorDomain.Object, count, each);
    }

    public static byte* ObjectRealloc(void* context, byte* block, nuint size)
    {
        var agent = Agent.State;
        return AllocatorHook.Realloc(agent, &agent->ObjectOriginal, AllocatorDomain.Object, block, size);
    }

    public static void ObjectFree(void* context, byte* block)
    {
        var agent = Agent.State;
        AllocatorHook.Free(agent, &agent->ObjectOriginal, AllocatorDomain.Object, block);
    }
}
