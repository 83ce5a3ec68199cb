using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap;

/// <summary>Constants of <c>*.heap</c>; the drawing and the reasons are in docs/formats/heap.md.</summary>
public static class HeapFormat
{
    public const uint CurrentVersion = 1;

    /// <summary>Nodes of one block: a damaged block costs the snapshot these and no others.</summary>
    public const int NodesPerBlock = 1 << 14;

    /// <summary>Nodes, types, names and holders that a reader accepts; ids share 32 bits with the kind of an edge.</summary>
    public const int MaximumNodes = (1 << 30) - 1;
    public const int MaximumEntries = 1 << 26;

    internal static FileWords Words { get; } = new("snapshot", "a file that 'hognose snapshot' wrote (*.heap)", "take the snapshot again", "hognose heap");

    /// <summary>As that of <c>*.alloc</c>, with another name.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'H', (byte)'G', (byte)'N', (byte)'H', (byte)'\r', (byte)'\n', 0x1A];
}
