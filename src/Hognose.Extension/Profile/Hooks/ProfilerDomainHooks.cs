using Hognose.Formats.Ring;

namespace Hognose.Extension.Profile.Hooks;

/// <summary>The twelve functions CPython calls while something is profiled.</summary>
internal static unsafe class ProfilerDomainHooks
{
    public static byte* RawMalloc(void* context, nuint size)
    {
        var data = Profiler.State;
        return ProfilerHook.Malloc(data, &data->RawOriginal, AllocatorDomain.Raw, size);
    }

    public static byte* RawCalloc(void* context, nuint count, nuint each)
    {
        var data = Profiler.State;
        return ProfilerHook.Calloc(data, &data->RawOriginal, AllocatorDomain.Raw, count, each);
    }

    public static byte* RawRealloc(void* context, byte* block, nuint size)
    {
        var data = Profiler.State;
        return ProfilerHook.Realloc(data, &data->RawOriginal, AllocatorDomain.Raw, block, size);
    }

    public static void RawFree(void* context, byte* block)
    {
        var data = Profiler.State;
        ProfilerHook.Free(data, &data->RawOriginal, AllocatorDomain.Raw, block);
    }

    public static byte* MemMalloc(void* context, nuint size)
    {
        var data = Profiler.State;
        return ProfilerHook.Malloc(data, &data->MemOriginal, AllocatorDomain.Mem, size);
    }

    public static byte* MemCalloc(void* context, nuint count, nuint each)
    {
        var data = Profiler.State;
        return ProfilerHook.Calloc(data, &data->MemOriginal, AllocatorDomain.Mem, count, each);
    }

    public static byte* MemRealloc(void* context, byte* block, nuint size)
    {
        var data = Profiler.State;
        return ProfilerHook.Realloc(data, &data->MemOriginal, AllocatorDomain.Mem, block, size);
    }

    public static void MemFree(void* context, byte* block)
    {
        var data = Profiler.State;
        ProfilerHook.Free(data, &data->MemOriginal, AllocatorDomain.Mem, block);
    }

    public static byte* ObjectMalloc(void* context, nuint size)
    {
        var data = Profiler.State;
        return ProfilerHook.Malloc(data, &data->ObjectOriginal, AllocatorDomain.Object, size);
    }

    public static byte* ObjectCalloc(void* context, nuint count, nuint each)
    {
        var data = Profiler.State;
        return ProfilerHook.Calloc(data, &data->ObjectOriginal, AllocatorDomain.Object, count, each);
    }

    public static byte* ObjectRealloc(void* context, byte* block, nuint size)
    {
        var data = Profiler.State;
        return ProfilerHook.Realloc(data, &data->ObjectOriginal, AllocatorDomain.Object, block, size);
    }

    public static void ObjectFree(void* context, byte* block)
    {
        var data = Profiler.State;
        ProfilerHook.Free(data, &data->ObjectOriginal, AllocatorDomain.Object, block);
    }
}
