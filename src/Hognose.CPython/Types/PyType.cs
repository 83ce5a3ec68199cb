using Hognose.CPython.Objects;
using Hognose.Heap;

namespace Hognose.CPython.Types;

/// <summary>A type of the target: its numbers, and how its instances are read. Filled once, then only read.</summary>
internal sealed class PyType
{
    public required int Index { get; init; }

    public required ulong Address { get; init; }

    public required ulong Flags { get; init; }

    public required long BasicSize { get; init; }

    public required long ItemSize { get; init; }

    public required long DictOffset { get; init; }

    public required long WeakListOffset { get; init; }

    public required ulong Base { get; init; }

    public required ulong Traverse { get; init; }

    /// <summary>Bytes in front of an instance within its block: collector's header, managed dict and weak references.</summary>
    public required int PreHeader { get; init; }

    /// <param name="at">A whole type object, ours to read.</param>
    public static unsafe PyType Read(byte* at, TypeOffsets offsets, ulong address, int index, IPreHeader preHeader)
    {
        var flags = *(ulong*)(at + offsets.Flags);
        return new PyType
        {
            Index = index,
            Address = address,
            Flags = flags,
            BasicSize = *(long*)(at + offsets.BasicSize),
            ItemSize = *(long*)(at + offsets.ItemSize),
            DictOffset = *(long*)(at + offsets.DictOffset),
            WeakListOffset = *(long*)(at + offsets.WeakListOffset),
            Base = *(ulong*)(at + offsets.Base),
            Traverse = *(ulong*)(at + offsets.Traverse),
            PreHeader = preHeader.BytesOf(flags),
        };
    }

    public bool IsHeap => (Flags & TypeFlags.HeapType) != 0;

    public bool IsCollected => (Flags & TypeFlags.HaveGc) != 0;

    /// <summary>Each reads one layer of an instance; together they give its edges.</summary>
    public ObjectReader[] Layers { get; set; } = [];

    public SizeReader? Sizer { get; set; }

    /// <summary>What <c>sys.getsizeof</c> adds to <c>__sizeof__</c>.</summary>
    public int SizeHeader { get; set; }

    public SizeCertainty Certainty { get; set; }

    public bool IsResolved { get; set; }
}
