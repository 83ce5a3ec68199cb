using System.Runtime.CompilerServices;

namespace Hognose.Agent.Unwinding;

/// <summary>
/// Where each thread's own stack lies, so that nothing beyond it is read. Whoever runs on a stack of another making (makecontext, boost.context) is left
/// alone: such a stack may be unmapped piece by piece. The caller holds the lock.
/// </summary>
internal static unsafe class ThreadStacks
{
    /// <summary>Below the main thread's stack the kernel leaves at least this much address space to it (arch/x86/mm/mmap.c, mmap_base).</summary>
    private const nuint RoomBelowMain = 128 << 20;
    private const int LooksOfThread = 2;

    /// <summary>Null: the thread runs on another stack than its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ThreadStack* Of(AgentData* agent, nuint sp)
    {
        var self = (nuint)Libc.pthread_self();
        var stack = *Bucket(agent, self);
        while (stack != null && stack->Thread != self)
            stack = stack->Next;
        return stack != null && sp >= stack->Low && sp < stack->High ? stack : Look(agent, stack, self, sp);
    }

    /// <summary>A thread is new: what was known of another at the same address no longer holds.</summary>
    public static void Forget(AgentData* agent)
    {
        var self = (nuint)Libc.pthread_self();
        for (var stack = *Bucket(agent, self); stack != null; stack = stack->Next)
            if (stack->Thread == self)
                (stack->Low, stack->High, stack->Depth) = (0, 0, 0);
    }

    /// <summary>Another recording begins, with a trie of its own.</summary>
    public static void ForgetChains(AgentData* agent)
    {
        for (var bucket = 0; bucket < UnwindData.ThreadBuckets; bucket++)
            for (var stack = (ThreadStack*)agent->Unwind.Threads[bucket]; stack != null; stack = stack->Next)
                stack->Depth = 0;
    }

    /// <summary>glibc puts a thread's own block at the top of its stack, with a distance between two of a power of two: the low bits say little.</summary>
    private static ThreadStack** Bucket(AgentData* agent, nuint self) => (ThreadStack**)&agent->Unwind.Threads[((ulong)self * 0x9E3779B97F4A7C15) >> 58];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadStack* Look(AgentData* agent, ThreadStack* stack, nuint self, nuint sp)
    {
        if (stack == null)
        {
            stack = Add(agent, self);
            agent->Unwind.LooksLeft += LooksOfThread;
        }
        if (stack == null || agent->Unwind.LooksLeft <= 0)
            return null;
        agent->Unwind.LooksLeft--;
        var errno = Libc.__errno_location();
        var kept = *errno;
        var isFound = TryFind(agent, self, sp, out var low, out var high);
        *errno = kept;
        if (!isFound)
            return null;
        (stack->Low, stack->High, stack->Depth) = (low, high, 0);
        return stack;
    }

    private static ThreadStack* Add(AgentData* agent, nuint self)
    {
        var stack = (ThreadStack*)PrivateMemory.Piece((nuint)sizeof(ThreadStack));
        if (stack == null)
            return null;
        var bucket = Bucket(agent, self);
        stack->Thread = self;
        stack->Next = *bucket;
        *bucket = stack;
        return stack;
    }

    /// <summary>The stack that pthread_create made holds the thread's own block (nptl/allocatestack.c); else it can only be the process' first one.</summary>
    private static bool TryFind(AgentData* agent, nuint self, nuint sp, out nuint low, out nuint high)
    {
        low = high = 0;
        if (!MappingLines.Open(agent->Unwind.Scratch->Maps, out var lines))
            return false;
        nuint former = 0;
        while (high == 0 && lines.Next(out var line))
        {
            if (line.Holds(sp) && line.Holds(self) && sp < self)
                (low, high) = (line.Low, self & ~(nuint)7);
            else if (line.Holds(sp) && line.PathLength >= 7 && Libc.memcmp(line.Path, Text.C("[stack]"u8), 7) == 0)
                (low, high) = (line.High > former + RoomBelowMain ? line.High - RoomBelowMain : former, line.High);
            former = line.High;
        }
        lines.Close();
        return high != 0;
    }
}
