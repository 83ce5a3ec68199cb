using System.Runtime.InteropServices;

namespace Hognose.Recording.Ledger;

/// <summary>
/// One live block, 24 bytes:
/// <code>
///   u64  63..48 thread that allocated | 47..0 address; 0: free slot
///   u32  size in bytes, 2^32-1: stands in the map's side table
///   u32  stack node
///   u32  slot, by which the file's events name it
///   u32  milliseconds from the begin of the recording to its allocation
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LiveBlock
{
    public const uint SizeElsewhere = uint.MaxValue;

    public ulong Key;
    public uint Size;
    public uint Stack;
    public uint Slot;
    public uint BornMilliseconds;

    public readonly ulong Address => Key & LiveBlockMap.AddressMask;

    public readonly ushort Thread => (ushort)(Key >> 48);
}

/// <summary>What lived at some moment, in no order.</summary>
/// <param name="Blocks">All of them.</param>
/// <param name="Large">Bytes by address, of those whose size is elsewhere.</param>
internal readonly record struct LiveBlocks(LiveBlock[] Blocks, Dictionary<ulong, ulong> Large)
{
    public ulong SizeOf(in LiveBlock block) => block.Size != LiveBlock.SizeElsewhere ? block.Size : Large.GetValueOrDefault(block.Address);
}
