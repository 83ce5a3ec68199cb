using System.Runtime.CompilerServices;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Stacks;

/// <summary>
/// Names the current Python stack by a trie node. The thread's last chain of frames is remembered: the walk goes up from the innermost frame
/// only until it meets a remembered one, and from there on it merely verifies, link by link, that the frames above still follow each other
/// with the same instructions. That costs about 1 ns a frame instead of 3, because the addresses to load are known beforehand and the
/// processor need not wait for one to know the next. It must verify to the outermost frame: a caller may have returned and been entered again
/// at the same address. The caller holds the lock.
/// </summary>
internal static unsafe class StackWalk
{
    /// <summary>A chain longer than this is cut off at its outer end; CPython's own recursion limit is far lower unless it was raised.</summary>
    private const int LongestChain = 1 << 20;

    private const nuint PageSize = 4096;
    private const int FirstChain = 128;
    private const int FirstPending = 512;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Capture(AgentData* agent, ThreadRecord* thread, nint threadState)
    {
        var layout = agent->Layout;
        var frame = InnermostFrame(layout, threadState);
        var entry = thread->Innermost;
        if (entry->Frame != frame || !CallersStand(layout, entry))
            return Walk(agent, thread, frame);
        return FrameNode.Name(agent, entry, frame, entry[-1].Node);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Walk(AgentData* agent, ThreadRecord* thread, nint frame)
    {
        var layout = agent->Layout;
        if (thread->CodeEpoch != agent->CodeEpoch)
            thread->Depth = 0;
        var pending = 0;
        while (frame != 0)
        {
            var met = Remembered(thread, frame);
            if (met < 0)
            {
                if (!Push(agent, pending, frame))
                    break;
                pending++;
                frame = *(nint*)(frame + layout->FramePrevious);
                continue;
            }
            // Those of the innermost frame were asked before we came here.
            var entry = thread->Chain + met;
            if ((pending > 0 || entry != thread->Innermost) && CallersStand(layout, entry))
                return Rebuild(agent, thread, met, Moved(layout, entry) ? met : met + 1, pending);
            var leaves = Verify(layout, thread, met, out var changed);
            if (leaves < 0)
                return Rebuild(agent, thread, met, changed, pending);
            if (!PushRemembered(agent, ref pending, thread, met, leaves))
                break;
            frame = *(nint*)(thread->Chain[leaves].Frame + layout->FramePrevious);
        }
        return Rebuild(agent, thread, -1, 0, pending);
    }

    /// <summary>
    /// The common case: the same function runs on, has returned to its caller, or called another. Whether all its callers stand where they stood. A remembered
    /// frame may be read only once the link of the frame before it leads there, or where it is in that frame's page: a generator resumed by another caller
    /// leaves frames in the chain whose memory CPython has unmapped.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool CallersStand(AgentLayout* layout, RememberedFrame* entry)
    {
        nint previousAt = layout->FramePrevious;
        var caller = entry[-1].Frame;
        if (*(nint*)(entry->Frame + previousAt) != caller)
            return false;
        if (layout->InstructionIsPointer == 0)
            return CallersStandByIndex(layout, entry - 1);
        nint instructionAt = layout->FrameInstruction;
        while (caller != 0)
        {
            entry--;
            if (entry->Neighbours >= 3)
            {
                if ((Change(entry, previousAt, instructionAt)
                    | Change(entry - 1, previousAt, instructionAt)
                    | Change(entry - 2, previousAt, instructionAt)
                    | Change(entry - 3, previousAt, instructionAt)) != 0)
                    return false;
                entry -= 3;
                caller = entry[-1].Frame;
                continue;
            }
            var next = entry[-1].Frame;
            if (Change(entry, previousAt, instructionAt) != 0)
                return false;
            caller = next;
        }
        return true;
    }

    /// <summary>0: the frame stands at the same instruction and has the same caller.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Change(RememberedFrame* entry, nint previousAt, nint instructionAt) =>
        (*(long*)(entry->Frame + instructionAt) ^ entry->Instruction) | (*(long*)(entry->Frame + previousAt) ^ entry[-1].Frame);

    /// <summary>
    /// What is in the page of a frame that was found alive is mapped, whether it is a frame still or not: that may be read before the links to it are
    /// checked, so that four frames cost one branch.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NeighboursOf(AgentLayout* layout, nint frame, RememberedFrame* outer)
    {
        var reach = Math.Max(layout->FrameInstruction, layout->FramePrevious) + sizeof(nint);
        var isNear = (nuint)(outer->Frame ^ frame) < PageSize && ((nuint)outer->Frame % PageSize) + (nuint)reach <= PageSize;
        return isNear ? outer->Neighbours + 1 : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool CallersStandByIndex(AgentLayout* layout, RememberedFrame* entry)
    {
        nint previousAt = layout->FramePrevious;
        for (; entry->Frame != 0; entry--)
            if (Moved(layout, entry) || *(nint*)(entry->Frame + previousAt) != entry[-1].Frame)
                return false;
        return true;
    }

    /// <summary>Where the instruction is an index (≤ 3.10) it says nothing without the code object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Moved(AgentLayout* layout, RememberedFrame* entry) =>
        layout->InstructionIsPointer != 0
            ? *(long*)(entry->Frame + layout->FrameInstruction) != entry->Instruction
            : *(int*)(entry->Frame + layout->FrameInstruction) != (int)entry->Instruction || *(nint*)(entry->Frame + layout->FrameCode) != entry->Code;

    private static nint InnermostFrame(AgentLayout* layout, nint threadState)
    {
        var frame = *(nint*)(threadState + layout->ThreadFrame);
        return layout->CFrameCurrentFrame >= 0 && frame != 0 ? *(nint*)(frame + layout->CFrameCurrentFrame) : frame;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HintOf(nint frame) => (int)((((ulong)frame >> 3) * 0x9E3779B97F4A7C15) >> 56);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Remembered(ThreadRecord* thread, nint frame)
    {
        int guess = thread->Hints[HintOf(frame)];
        return guess < thread->Depth && thread->Chain[guess].Frame == frame ? guess : -1;
    }

    /// <summary>
    /// Verifies from <paramref name="met"/> outwards. -1: the chain follows to its end, and <paramref name="changed"/> is the outermost frame
    /// whose instruction moved, or met + 1. Else the last remembered frame that belongs to today's chain; its caller is another one.
    /// </summary>
    private static int Verify(AgentLayout* layout, ThreadRecord* thread, int met, out int changed)
    {
        nint previousAt = layout->FramePrevious;
        changed = met + 1;
        var entry = thread->Chain + met;
        for (var k = met; k >= 0; k--, entry--)
        {
            if (Moved(layout, entry))
                changed = k;
            if (*(nint*)(entry->Frame + previousAt) == entry[-1].Frame)
                continue;
            changed = k;
            return k;
        }
        return -1;
    }

    private static bool Push(AgentData* agent, int pending, nint frame)
    {
        var threads = &agent->Threads;
        if (pending == threads->PendingCapacity && !GrowPending(threads))
            return false;
        threads->Pending[pending] = frame;
        return true;
    }

    private static bool PushRemembered(AgentData* agent, ref int pending, ThreadRecord* thread, int met, int leaves)
    {
        for (var k = met; k >= leaves; k--)
        {
            if (!Push(agent, pending, thread->Chain[k].Frame))
                return false;
            pending++;
        }
        thread->Depth = leaves;
        return true;
    }

    /// <summary>Keeps the chain outside <paramref name="changed"/>, names anew what moved, puts the pending frames on top.</summary>
    private static uint Rebuild(AgentData* agent, ThreadRecord* thread, int met, int changed, int pending)
    {
        var depth = met + 1 + pending;
        if (depth > thread->Capacity && !GrowChain(thread, depth))
        {
            thread->CodeEpoch = 0;
            thread->Innermost = &thread->NoFrame;
            return 0;
        }
        var entry = thread->Chain + changed;
        var node = changed > 0 ? entry[-1].Node : 0;
        for (var k = changed; k <= met; k++, entry++)
            node = FrameNode.Name(agent, entry, entry->Frame, node);
        for (var k = met + 1; pending > 0; k++, entry++)
        {
            var frame = agent->Threads.Pending[--pending];
            node = FrameNode.Name(agent, entry, frame, node);
            entry->Neighbours = NeighboursOf(agent->Layout, frame, entry - 1);
            thread->Hints[HintOf(frame)] = (ushort)k;
        }
        thread->Depth = depth;
        thread->CodeEpoch = depth > 0 ? agent->CodeEpoch : 0;
        thread->Innermost = depth > 0 ? thread->Chain + (depth - 1) : &thread->NoFrame;
        return node;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool GrowPending(ThreadTableData* threads)
    {
        var capacity = threads->PendingCapacity == 0 ? FirstPending : threads->PendingCapacity * 2;
        if (capacity > LongestChain)
            return false;
        var grown = (nint*)PrivateMemory.Pages((nuint)capacity * (nuint)sizeof(nint));
        if (grown == null)
            return false;
        if (threads->Pending != null)
        {
            Libc.memmove(grown, threads->Pending, (nuint)threads->PendingCapacity * (nuint)sizeof(nint));
            PrivateMemory.GiveBack(threads->Pending, (nuint)threads->PendingCapacity * (nuint)sizeof(nint));
        }
        threads->Pending = grown;
        threads->PendingCapacity = capacity;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool GrowChain(ThreadRecord* thread, int depth)
    {
        var capacity = thread->Capacity == 0 ? FirstChain : thread->Capacity + 1;
        while (capacity <= depth)
            capacity *= 2;
        if (capacity > LongestChain)
            return false;
        var grown = (RememberedFrame*)PrivateMemory.Pages((nuint)capacity * (nuint)sizeof(RememberedFrame));
        if (grown == null)
            return false;
        if (thread->Chain != null)
        {
            var whole = ((nuint)thread->Capacity + 1) * (nuint)sizeof(RememberedFrame);
            Libc.memmove(grown, thread->Chain - 1, whole);
            PrivateMemory.GiveBack(thread->Chain - 1, whole);
        }
        thread->Chain = grown + 1;
        thread->Capacity = capacity - 1;
        return true;
    }
}
