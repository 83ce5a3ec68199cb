using Hognose.Agent.Hooks;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Native;

/// <summary>What libraries call in place of mmap and its kin. pymalloc maps its arenas within a call of its own, which tells all that matters.</summary>
internal static unsafe class MappingHooks
{
    private const nint Failed = -1;
    private const nuint PageMask = 4095;

    /// <summary>MREMAP_DONTUNMAP: what moves leaves its old place mapped.</summary>
    private const int LeavesOld = 4;

    public static byte* Mmap(byte* address, nuint length, int protection, int flags, int descriptor, long offset)
    {
        byte stack;
        var agent = Agent.State;
        var start = agent->Native.Mmap(address, length, protection, flags, descriptor, offset);
        if ((nint)start != Failed && NestingMarks.Outer(agent, &stack) == null)
            NativeEvents.Allocated(agent, AllocatorDomain.Mapping, EventKind.Map, start, length, &stack);
        return start;
    }

    public static int Munmap(byte* start, nuint length)
    {
        byte stack;
        var agent = Agent.State;
        // Elsewhere than at a page it fails.
        if (((nuint)start & PageMask) == 0 && NestingMarks.Outer(agent, &stack) == null)
            NativeEvents.Unmapping(agent, start, length, &stack);
        return agent->Native.Munmap(start, length);
    }

    /// <summary>The last argument is there only with MREMAP_FIXED; what stands in its register otherwise is handed on unread.</summary>
    public static byte* Mremap(byte* start, nuint length, nuint newLength, int flags, byte* place)
    {
        byte stack;
        var agent = Agent.State;
        var moved = agent->Native.Mremap(start, length, newLength, flags, place);
        if ((nint)moved != Failed && NestingMarks.Outer(agent, &stack) == null)
            NativeEvents.Remapped(agent, start, (flags & LeavesOld) != 0 ? 0 : length, moved, newLength, &stack);
        return moved;
    }
}
