using Hognose.Extension.Profile.Hooks;

namespace Hognose.Extension.Profile;

/// <summary>
/// Calls of profiled functions that have begun and not ended. The hooks are on as long as there is one; a generator or coroutine that is suspended
/// goes on too, so that what it frees when it is resumed is known.
/// </summary>
internal static unsafe class OpenCalls
{
    /// <summary>sizeof(PyGC_Head): where the block of a collected object begins.</summary>
    private const int CollectorHead = 16;

    public static void Begin(ProfilerData* data)
    {
        if (data->OpenCalls++ != 0)
            return;
        HookPlacement.Install(data);
        Volatile.Write(ref data->IsCounting, 1);
    }

    public static void End(ProfilerData* data)
    {
        if (data->OpenCalls == 0 || --data->OpenCalls != 0)
            return;
        Volatile.Write(ref data->IsCounting, 0);
        HookPlacement.Remove(data);
        ProfilerLock.Take(data);
        BlockMap.Clear(&data->Blocks);
        ProfilerLock.Release(data);
    }

    /// <summary>The generator whose frame runs goes on until it ends, or is freed without ending.</summary>
    public static void BeginGenerator(ProfilerData* data, ThreadProfile* thread)
    {
        var block = RunningGenerator(data, thread);
        if (block == 0)
            return;
        ProfilerLock.Take(data);
        var entry = BlockMap.Find(&data->Blocks, block);
        var isNew = entry == null || (entry->Marks & BlockMark.OpenCall) == 0;
        if (isNew && entry != null)
            entry->Set(block, entry->Size, entry->Marks | BlockMark.OpenCall);
        else if (isNew)
            isNew = BlockMap.Put(&data->Blocks, block, 0, BlockMark.OpenCall | BlockMark.Older);
        ProfilerLock.Release(data);
        if (isNew)
            Begin(data);
    }

    public static void EndGenerator(ProfilerData* data, ThreadProfile* thread)
    {
        var block = RunningGenerator(data, thread);
        ProfilerLock.Take(data);
        var entry = block == 0 ? null : BlockMap.Find(&data->Blocks, block);
        var wasOpen = entry != null && (entry->Marks & BlockMark.OpenCall) != 0;
        if (wasOpen && (entry->Marks & BlockMark.Older) != 0)
            BlockMap.Remove(&data->Blocks, entry);
        else if (wasOpen)
            entry->Set(block, entry->Size, entry->Marks & ~BlockMark.OpenCall);
        ProfilerLock.Release(data);
        if (wasOpen)
            End(data);
    }

    /// <summary>The block of the generator whose frame runs; 0 where none does. The frame object that comes into being for it is ours.</summary>
    private static nuint RunningGenerator(ProfilerData* data, ThreadProfile* thread)
    {
        var wasOurs = thread->IsOurs;
        thread->IsOurs = true;
        var frame = data->Python.CurrentFrame();
        var generator = frame == null ? null : data->Python.GeneratorOfFrame(frame);
        thread->IsOurs = wasOurs;
        if (generator == null)
            return 0;
        // The frame that runs holds it.
        ExtensionModule.Python->DecRef(generator);
        return (nuint)generator - CollectorHead;
    }
}
