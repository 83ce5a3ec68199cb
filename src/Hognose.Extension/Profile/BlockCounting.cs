using System.Runtime.CompilerServices;
using Hognose.Formats.Ring;

namespace Hognose.Extension.Profile;

/// <summary>From a call of an allocator to the map and the figures of the thread that made it.</summary>
internal static unsafe class BlockCounting
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Allocated(ProfilerData* data, AllocatorDomain domain, byte* block, nuint size)
    {
        ProfilerLock.Take(data);
        var thread = ThreadOf(data, domain);
        var isOurs = thread != null && thread->IsOurs;
        if (BlockMap.Put(&data->Blocks, (nuint)block, (long)size, isOurs ? BlockMark.Ours : BlockMark.None) && thread != null && !isOurs)
            Add(data, thread, (nuint)block, (long)size);
        ProfilerLock.Release(data);
    }

    /// <summary>True: with the block the last open call came to its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Freeing(ProfilerData* data, AllocatorDomain domain, byte* block)
    {
        ProfilerLock.Take(data);
        var thread = ThreadOf(data, domain);
        var entry = BlockMap.Find(&data->Blocks, (nuint)block);
        var marks = BlockMark.None;
        if (entry != null)
        {
            marks = entry->Marks;
            var size = entry->Size;
            BlockMap.Remove(&data->Blocks, entry);
            if (thread != null && (marks & (BlockMark.Ours | BlockMark.Older)) == 0)
                Subtract(data, thread, size);
        }
        else if (thread != null && !thread->IsOurs)
        {
            thread->OlderFrees++;
        }
        ProfilerLock.Release(data);
        return (marks & BlockMark.OpenCall) != 0;
    }

    /// <summary>A realloc begins: what is known of the block leaves the map, since another thread may get its address before we are told.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockEntry TakeOut(ProfilerData* data, byte* block)
    {
        BlockEntry known = default;
        if (block == null)
            return known;
        ProfilerLock.Take(data);
        var entry = BlockMap.Find(&data->Blocks, (nuint)block);
        if (entry != null)
        {
            known = *entry;
            BlockMap.Remove(&data->Blocks, entry);
        }
        ProfilerLock.Release(data);
        return known;
    }

    /// <summary>A realloc succeeded: the old block's bytes went and the new one's came, at once, as tracemalloc has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Moved(ProfilerData* data, AllocatorDomain domain, byte* old, BlockEntry known, byte* block, nuint size)
    {
        ProfilerLock.Take(data);
        var thread = ThreadOf(data, domain);
        var isOurs = (known.Marks & BlockMark.Ours) != 0 || (thread != null && thread->IsOurs);
        if (thread != null && !isOurs)
        {
            if (known.Address != 0)
                Subtract(data, thread, known.Size);
            else if (old != null)
                thread->OlderFrees++;
            Add(data, thread, (nuint)block, (long)size);
        }
        BlockMap.Put(&data->Blocks, (nuint)block, (long)size, isOurs ? BlockMark.Ours : BlockMark.None);
        ProfilerLock.Release(data);
    }

    /// <summary>A realloc failed: the block is what it was.</summary>
    public static void PutBack(ProfilerData* data, BlockEntry known)
    {
        if (known.Address == 0)
            return;
        ProfilerLock.Take(data);
        BlockMap.Put(&data->Blocks, known.Address, known.Size, known.Marks);
        ProfilerLock.Release(data);
    }

    /// <summary>What tracing itself had allocated, told when we get to see it: it counts no longer, and won't when it is freed.</summary>
    public static void Disown(ProfilerData* data, ThreadProfile* thread, void* block)
    {
        ProfilerLock.Take(data);
        var entry = BlockMap.Find(&data->Blocks, (nuint)block);
        if (entry != null && entry->Marks == BlockMark.None)
        {
            var size = entry->Size;
            entry->Set((nuint)block, size, BlockMark.Ours);
            thread->Allocated -= size;
            thread->Held -= size;
            if (thread->LastBlock == (nuint)block)
                thread->Highest = thread->HighestBefore;
        }
        ProfilerLock.Release(data);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ProfilerData* data, ThreadProfile* thread, nuint block, long size)
    {
        data->Moved += size;
        thread->Allocated += size;
        var held = thread->Held += size;
        thread->LastBlock = block;
        thread->HighestBefore = thread->Highest;
        if (held > thread->Highest)
            thread->Highest = held;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract(ProfilerData* data, ThreadProfile* thread, long size)
    {
        data->Moved += size;
        thread->Freed += size;
        thread->Held -= size;
    }

    /// <summary>
    /// The raw domain may be called without the GIL: up to 3.11 the "current" thread is another one then, so the thread is asked for its own.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ThreadProfile* ThreadOf(ProfilerData* data, AllocatorDomain domain)
    {
        var agent = Hognose.Agent.Agent.State;
        return ThreadProfiles.Find(data, domain == AllocatorDomain.Raw ? agent->OwnThreadState() : agent->CurrentThreadState());
    }
}
