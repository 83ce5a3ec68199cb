namespace Hognose.Formats.Heap;

/// <summary>Columns that few questions need. One that is not asked for stays packed, its blocks' checksums verified, and is empty.</summary>
[Flags]
public enum HeapColumns
{
    None = 0,

    /// <summary><see cref="HeapFile.Surplus"/></summary>
    Surplus = 1,

    /// <summary><see cref="HeapFile.Lengths"/></summary>
    Lengths = 2,

    /// <summary><see cref="HeapFile.EqualBefore"/> and <see cref="HeapFile.Unused"/></summary>
    Contents = 4,

    All = Surplus | Lengths | Contents,
}
