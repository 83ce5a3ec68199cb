using System.Runtime.CompilerServices;
using Hognose.Agent.Stacks;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Unwinding;

/// <summary>
/// Names the C frames of the calling thread by a trie node, and both stacks, Python's and C's, by one more. As with Python's frames the last chain is
/// remembered: the walk goes up only until it meets a remembered frame, and from there on it verifies that return addresses and saved registers are the
/// same, about 1 ns a frame. The caller holds the lock.
/// </summary>
internal static unsafe class NativeStack
{
    /// <summary>Frames that one event may add to what is remembered of its thread.</summary>
    public const int LongestWalk = 2048;

    /// <summary>640 KiB a thread. Deeper recursion keeps its innermost frames.</summary>
    private const int LongestChain = 16 * 1024;
    private const int FirstChain = 128;
    private const int FirstLooks = 256;

    /// <summary>False: there is no memory.</summary>
    public static bool Open(AgentData* agent, RingHeader* ring)
    {
        var unwind = &agent->Unwind;
        unwind->IsOn = 0;
        ring->NativeStacksAreOn = 0;
        if ((ring->Options & RecordingOptions.NativeStacks) == 0)
            return true;
        RuleTable.Close(unwind);
        ThreadStacks.ForgetChains(agent);
        unwind->ModuleCount = 0;
        unwind->LooksLeft = FirstLooks;
        if (unwind->Scratch == null)
            unwind->Scratch = (UnwindScratch*)PrivateMemory.Pages((nuint)sizeof(UnwindScratch));
        if (unwind->Modules == null)
            unwind->Modules = (LoadedModule*)PrivateMemory.Pages(Modules.TableBytes);
        if (unwind->Pending == null)
            unwind->Pending = (WalkedFrame*)PrivateMemory.Pages(LongestWalk * (nuint)sizeof(WalkedFrame));
        if (unwind->Scratch == null || unwind->Modules == null || unwind->Pending == null || !RuleTable.Open(unwind))
            return false;
        unwind->IsOn = OwnFrame.TryMeasure(agent) ? 1 : 0;
        ring->NativeStacksAreOn = (uint)unwind->IsOn;
        return true;
    }

    /// <summary>The node of both stacks; Python's own where there is no C frame to tell of.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint Join(AgentData* agent, ThreadRecord* thread, uint python)
    {
        WalkedFrame frame;
        OwnFrame.Look(agent, &frame, null);
        var stack = ThreadStacks.Of(agent, frame.Sp);
        var chain = stack == null ? 0 : Walk(agent, stack, &frame, python == 0 ? null : thread);
        if (stack == null || stack->IsCut != 0)
            agent->Ring->CutNativeStacks++;
        return chain == 0 ? python : StackTrie.Intern(agent, python, StackNode.NativeChain, (int)chain);
    }

    private static uint Walk(AgentData* agent, ThreadStack* stack, WalkedFrame* frame, ThreadRecord* thread)
    {
        var pending = 0;
        var remembered = stack->Depth - 1;
        var isCut = 0;
        while (frame->Pc != 0)
        {
            while (remembered >= 0 && stack->Chain[remembered].Sp < frame->Sp)
                remembered--;
            if (remembered >= 0 && IsSame(stack->Chain + remembered, frame))
            {
                var changed = Verify(stack, remembered);
                if (changed < 0)
                    return Name(agent, stack, remembered, pending, thread);
                remembered = changed - 1;
            }
            if (!Push(agent, frame, ref pending, out var rule) || (rule->Kind == UnwindRule.Frame && !Leave(stack, frame, rule)))
            {
                isCut = 1;
                break;
            }
            if (rule->Kind == UnwindRule.Outermost)
                break;
        }
        stack->IsCut = isCut;
        return Name(agent, stack, -1, pending, thread);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSame(WalkedFrame* one, WalkedFrame* other) => one->Sp == other->Sp && one->Pc == other->Pc && one->Rbp == other->Rbp;

    /// <summary>
    /// The outermost remembered frame that has changed, from <paramref name="met"/> on; -1: none. What a frame's caller is follows from its rsp, rbp and pc:
    /// where all return addresses and all rbp that were saved further out still stand, so does the chain.
    /// </summary>
    private static int Verify(ThreadStack* stack, int met)
    {
        var changed = -1;
        var inner = stack->Chain[met].Sp;
        for (var entry = stack->Chain + met - 1; entry >= stack->Chain; entry--)
            if (*(nuint*)(entry->Sp - 8) != entry->Pc || (entry->RbpSlot >= inner && *(nuint*)entry->RbpSlot != entry->Rbp))
                changed = (int)(entry - stack->Chain);
        return changed;
    }

    /// <summary>False: there is no rule for it, or no room. Our own frames are walked through and not told.</summary>
    private static bool Push(AgentData* agent, WalkedFrame* frame, ref int pending, out UnwindRule* rule)
    {
        rule = RuleTable.Find(agent, frame->Pc);
        if (rule == null || rule->Module + rule->IsOwn == 0 || pending == LongestWalk)
            return false;
        if (rule->IsOwn == 0)
        {
            frame->Module = rule->Module;
            frame->Place = rule->Place;
            frame->HoldsEntry = 0;
            agent->Unwind.Pending[pending++] = *frame;
        }
        return rule->Kind != UnwindRule.Unknown;
    }

    /// <summary>Goes to the caller. False: it would be elsewhere than further up on this stack.</summary>
    private static bool Leave(ThreadStack* stack, WalkedFrame* frame, UnwindRule* rule)
    {
        var cfa = (rule->IsFromRbp != 0 ? frame->Rbp : frame->Sp) + (nuint)rule->CfaOffset;
        if (cfa <= frame->Sp || cfa > stack->High || (cfa & 7) != 0)
            return false;
        if (rule->RbpOffset != 0)
        {
            var slot = cfa + (nuint)(nint)rule->RbpOffset;
            if (slot < frame->Sp || slot >= cfa || (slot & 7) != 0)
                return false;
            frame->RbpSlot = slot;
            frame->Rbp = *(nuint*)slot;
        }
        if (rule->LosesRbp != 0)
            frame->Rbp = frame->RbpSlot = 0;
        frame->Pc = *(nuint*)(cfa - 8);
        frame->Sp = cfa;
        return true;
    }

    /// <summary>Keeps the remembered chain up to <paramref name="met"/> and puts the pending frames on top.</summary>
    private static uint Name(AgentData* agent, ThreadStack* stack, int met, int pending, ThreadRecord* thread)
    {
        var depth = met + 1;
        if (depth + pending > LongestChain)
        {
            stack->IsCut = 1;
            depth = 0;
        }
        if (depth + pending > stack->Capacity && !Grow(stack, depth + pending))
        {
            stack->Depth = 0;
            return 0;
        }
        if (thread != null)
            FindEntries(agent->Unwind.Pending, pending, depth > 0 ? stack->Chain[depth - 1].Sp : stack->High, thread);
        var node = depth > 0 ? stack->Chain[depth - 1].Node : 0;
        for (; pending > 0; depth++)
        {
            var frame = agent->Unwind.Pending + --pending;
            node = StackTrie.Intern(agent, node, frame->Module, frame->Place);
            if (frame->HoldsEntry != 0)
                node = StackTrie.Intern(agent, node, StackNode.EvaluationEntry, 0);
            frame->Node = node;
            stack->Chain[depth] = *frame;
        }
        stack->Depth = depth;
        return node;
    }

    /// <summary>
    /// In which of the new frames Python's evaluations begin: the frame of Python's that stands for the begin is a local variable there (ceval.c, 3.12+), by
    /// whatever name the compiler has put that function. Goes from the innermost outwards on both stacks, and looks at addresses only.
    /// </summary>
    private static void FindEntries(WalkedFrame* pending, int count, nuint end, ThreadRecord* thread)
    {
        var at = 0;
        for (var entry = thread->Chain + (thread->Depth - 1); at < count && entry >= thread->Chain; entry--)
        {
            var address = (nuint)entry->Frame;
            if (address < pending->Sp || address >= end)
                continue;
            while (at < count && (at + 1 < count ? pending[at + 1].Sp : end) <= address)
                at++;
            if (at < count)
                pending[at].HoldsEntry = 1;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Grow(ThreadStack* stack, int depth)
    {
        var capacity = stack->Capacity == 0 ? FirstChain : stack->Capacity * 2;
        while (capacity < depth)
            capacity *= 2;
        var grown = (WalkedFrame*)PrivateMemory.Pages((nuint)capacity * (nuint)sizeof(WalkedFrame));
        if (grown == null)
            return false;
        if (stack->Chain != null)
        {
            Libc.memmove(grown, stack->Chain, (nuint)stack->Depth * (nuint)sizeof(WalkedFrame));
            PrivateMemory.GiveBack(stack->Chain, (nuint)stack->Capacity * (nuint)sizeof(WalkedFrame));
        }
        stack->Chain = grown;
        stack->Capacity = capacity;
        return true;
    }
}
