using System.Runtime.InteropServices;

namespace Hognose.Formats.Ring;

/// <summary>What an event of the ring says.</summary>
public enum EventKind : byte
{
    /// <summary>The slot was never written; a reader that meets it stops.</summary>
    None = 0,

    /// <summary>A block came to life: <c>address</c>, <c>size</c>, <c>stack</c>, <c>thread</c>. Written after the real allocation.</summary>
    Allocate = 1,

    /// <summary>A block is about to die: <c>address</c>. Written before the real free.</summary>
    Free = 2,

    /// <summary>A thread was seen first: <c>thread</c> is its new index, <c>address</c> its thread state, <c>size</c> its kernel id (0 when unknown).</summary>
    Thread = 3,

    /// <summary>The process forked; the child is not recorded. <c>size</c> counts forks so far.</summary>
    Fork = 4,

    /// <summary>As <see cref="Free"/>, by a realloc: the same thread's next event says <see cref="Allocate"/>, or <see cref="MoveFailed"/> when the block stayed.</summary>
    Move = 5,

    /// <summary>The realloc announced by the same thread's last <see cref="Move"/> of <c>address</c> failed: the block lives on unchanged.</summary>
    MoveFailed = 6,

    /// <summary>CPython began to shut down: what is freed from here on is its own tidying, not the program's. Told once, by the first free after it.</summary>
    TearDown = 7,

    /// <summary><see cref="Allocate"/>, and the block was freed with no event in between.</summary>
    Temporary = 8,

    /// <summary>Nothing happened: fills a batch up, so that what was written before is told at once.</summary>
    Padding = 9,

    /// <summary>Pages were mapped: <c>address</c>, <c>size</c>, <c>stack</c>, <c>thread</c>; whatever was mapped there before is no more.</summary>
    Map = 10,

    /// <summary>Pages are about to be unmapped: <c>address</c>, <c>size</c>; any part of mappings, or of none.</summary>
    Unmap = 11,
}

/// <summary>Who served a block: an allocator family of CPython (PEP 445), or what C code called itself.</summary>
public enum AllocatorDomain : byte
{
    Raw = 0,
    Mem = 1,
    Object = 2,

    /// <summary>malloc and its kin, called by anybody but the interpreter: what that calls serves the raw domain.</summary>
    Native = 3,

    /// <summary>mmap, called by anybody but an allocator.</summary>
    Mapping = 4,
}

/// <summary>
/// One fixed-size event of the ring, 24 bytes, little-endian:
/// <code>
///   word 0   63..57 zero | 56 inner | 55..52 domain | 51..48 kind | 47..0 address
///   word 1   63..48 thread index         | 47..0 size in bytes
///   word 2   63..32 zero                 | 31..0 stack node id
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public struct AllocationEvent
{
    public const int SizeInBytes = 24;
    public const ulong LowBits48 = (1UL << 48) - 1;

    /// <summary>
    /// A free in the raw domain inside another allocator's call, of another block than that call's. The follower knows the block only if it was
    /// allocated outside any other call: tracemalloc's own bookkeeping; and does not count it as unknown if not: pymalloc's, or a debug hook's view of the block.
    /// Also of pymalloc's tables when an interpreter gives them back at its end.
    /// </summary>
    public const ulong InnerFree = 1UL << 56;

    public ulong Word0;
    public ulong Word1;
    public ulong Word2;

    public readonly ulong Address => Word0 & LowBits48;

    public readonly bool IsInnerFree => (Word0 & InnerFree) != 0;

    public readonly EventKind Kind => (EventKind)((Word0 >> 48) & 0xF);

    public readonly AllocatorDomain Domain => (AllocatorDomain)((Word0 >> 52) & 0xF);

    /// <summary>Bytes the program asked for. A larger request than 2^48-1 cannot succeed on x86-64.</summary>
    public readonly ulong Size => Word1 & LowBits48;

    public readonly ushort Thread => (ushort)(Word1 >> 48);

    public readonly uint Stack => (uint)Word2;

    public static ulong PackWord0(ulong address, EventKind kind, AllocatorDomain domain) =>
        (address & LowBits48) | ((ulong)kind << 48) | ((ulong)domain << 52);

    public static ulong PackWord1(ulong size, ushort thread) => (size & LowBits48) | ((ulong)thread << 48);
}
