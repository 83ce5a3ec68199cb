using System.Runtime.CompilerServices;

namespace Hognose.Agent.Hooks;

/// <summary>
/// Where threads stand inside an allocator of the object or mem domain. pymalloc serves a block over 512 bytes, and its own arena tables, through
/// the raw domain: that call belongs to the one under way and makes no event, just as tracemalloc's "reentrant" flag has it. A mark is the stack
/// address of the outer hook; the inner hook stands less than <see cref="Reach"/> below it on the same stack, and no other thread's
/// stack can be there. So no thread-local variable is needed, which the .NET runtime would serve. Threads that hold different GILs
/// (own-GIL subinterpreters) use different slots unless their stacks collide in the hash; then a nested event may show, which the
/// follower counts.
/// </summary>
internal unsafe struct NestingMarks
{
    public const int SlotCount = 64;

    /// <summary>Between the two hooks stand pymalloc, debug hooks and tracemalloc: under 1 KiB measured.</summary>
    private const nuint Reach = 8 * 1024;

    private const int GranuleShift = 16;

    /// <summary>glibc's stacks of threads follow each other at this distance (8 MiB).</summary>
    private const int ThreadStackShift = 23;
    private const int WordsPerSlot = 2;

    /// <summary>Pairs: the stack address of the outer hook, and the block it was given to free or to move, or the size it was asked for.</summary>
    private fixed ulong _marks[SlotCount * WordsPerSlot];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NestingMark* Enter(AgentData* agent, void* stack, byte* block)
    {
        var mark = Slot(agent, (nuint)stack);
        mark->Stack = (nuint)stack;
        mark->Block = block;
        return mark;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Leave(NestingMark* mark) => mark->Stack = 0;

    /// <summary>The mark of the call that this one stands in; null when it stands in none.</summary>
    public static NestingMark* Outer(AgentData* agent, void* stack)
    {
        var here = (nuint)stack;
        var mark = Slot(agent, here);
        if (IsWithin(mark->Stack, stack))
            return mark;
        mark = Slot(agent, here + Reach);
        return IsWithin(mark->Stack, stack) ? mark : null;
    }

    /// <param name="outer">Stack address of a hook.</param>
    /// <param name="stack">Of the one that may stand in it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWithin(nuint outer, void* stack) => outer - (nuint)stack < Reach;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static NestingMark* Slot(AgentData* agent, nuint stack) =>
        (NestingMark*)&agent->Nesting._marks[(((stack >> GranuleShift) ^ (stack >> ThreadStackShift)) % SlotCount) * WordsPerSlot];
}

internal unsafe struct NestingMark
{
    /// <summary>What is more than this is an address.</summary>
    public const nuint LargestSize = 1 << 16;

    /// <summary>pymalloc's limit of 512, less what debug hooks add to a block: what is asked for more may go to the raw domain as it is.</summary>
    public const nuint LargestSmall = 448;

    public nuint Stack;

    /// <summary>Or the size that was asked for, <see cref="LargestSize"/> at most.</summary>
    public byte* Block;
}
