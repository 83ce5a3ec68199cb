using System.Runtime.CompilerServices;
using Hognose.Agent;

namespace Hognose.Extension.Profile;

/// <summary>Threads that are in profiled functions: few, so a list. A record is handed on when its thread has left the last one.</summary>
internal static unsafe class ThreadProfiles
{
    /// <summary>Null: no profiled function runs in that thread. The caller holds the lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ThreadProfile* Find(ProfilerData* data, nint state) => data->LastState == state ? data->LastThread : Search(data, state);

    /// <summary>The record of the calling thread, which holds the GIL. Null: it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ThreadProfile* Current(ProfilerData* data)
    {
        var state = Hognose.Agent.Agent.State->CurrentThreadState();
        ProfilerLock.Take(data);
        var thread = Find(data, state);
        ProfilerLock.Release(data);
        return thread;
    }

    /// <summary>The same, with a new record where there was none. Null: no memory left.</summary>
    public static ThreadProfile* CurrentOrNew(ProfilerData* data)
    {
        var thread = Current(data);
        if (thread != null)
            return thread;
        ProfilerLock.Take(data);
        thread = data->Spare;
        if (thread != null)
            data->Spare = thread->Next;
        else
            thread = (ThreadProfile*)PrivateMemory.Piece((nuint)sizeof(ThreadProfile));
        if (thread != null)
        {
            thread->State = Hognose.Agent.Agent.State->CurrentThreadState();
            thread->Next = data->Threads;
            data->Threads = thread;
            Forget(data);
        }
        ProfilerLock.Release(data);
        return thread;
    }

    /// <summary>The thread has left its last profiled function.</summary>
    public static void HandOn(ProfilerData* data, ThreadProfile* thread)
    {
        ProfilerLock.Take(data);
        var link = &data->Threads;
        while (*link != thread)
            link = &(*link)->Next;
        *link = thread->Next;
        thread->State = 0;
        thread->Allocated = thread->Freed = thread->OlderFrees = thread->Held = thread->Highest = thread->HighestBefore = 0;
        thread->Next = data->Spare;
        data->Spare = thread;
        Forget(data);
        ProfilerLock.Release(data);
    }

    private static void Forget(ProfilerData* data)
    {
        data->LastState = 0;
        data->LastThread = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadProfile* Search(ProfilerData* data, nint state)
    {
        var thread = data->Threads;
        while (thread != null && thread->State != state)
            thread = thread->Next;
        data->LastState = state;
        data->LastThread = thread;
        return thread;
    }
}
