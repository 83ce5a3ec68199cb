using Hognose.Targets.Symbols.Dwarf;

namespace Hognose.LayoutMaker.Dwarf;

/// <summary>One debugging entry that describes a C type or a member of one.</summary>
internal sealed class DwarfType(DwarfTag tag, int offset, string unit)
{
    /// <summary>For <see cref="TypeOffset"/>: in another file, or void.</summary>
    public const long Elsewhere = -1;

    public DwarfTag Tag { get; } = tag;

    /// <summary>Its place in <c>.debug_info</c>; other entries name it by this.</summary>
    public int Offset { get; } = offset;

    /// <summary>The C source file of its unit.</summary>
    public string Unit { get; } = unit;

    public string? Name { get; set; }

    /// <summary>Bytes; -1 when not given.</summary>
    public long ByteSize { get; set; } = -1;

    /// <summary>Offset in <c>.debug_info</c> of the type it is made of; -1 for void.</summary>
    public long TypeOffset { get; set; } = Elsewhere;

    /// <summary>Members: bytes from the start of the struct.</summary>
    public long MemberOffset { get; set; }

    /// <summary>Bit-fields: bits from the start of the struct, as DWARF 5 counts; else -1.</summary>
    public long BitOffset { get; set; } = -1;

    /// <summary>Bit-fields: bits from the highest bit of the storage unit, as DWARF 3 counts (GCC before 11); else -1.</summary>
    public long BitOffsetFromTop { get; set; } = -1;

    public long BitSize { get; set; } = -1;

    /// <summary>Subranges: number of elements; -1 when unknown (flexible array).</summary>
    public long Count { get; set; } = -1;

    public bool IsDeclaration { get; set; }

    public List<DwarfType> Children { get; } = [];

    public bool IsComposite => Tag is DwarfTag.StructureType or DwarfTag.UnionType;
}
