namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>DWARF 5, section 7.5.3 (tags), as far as C types and calls that were inlined need them.</summary>
internal enum DwarfTag
{
    None = 0,
    ArrayType = 0x01,
    EnumerationType = 0x04,
    Member = 0x0D,
    PointerType = 0x0F,
    CompileUnit = 0x11,
    StructureType = 0x13,
    SubroutineType = 0x15,
    Typedef = 0x16,
    UnionType = 0x17,
    InlinedSubroutine = 0x1D,
    SubrangeType = 0x21,
    BaseType = 0x24,
    ConstType = 0x26,
    Subprogram = 0x2E,
    VolatileType = 0x35,
    RestrictType = 0x37,
    AtomicType = 0x47,
}

/// <summary>DWARF 5, section 7.5.4 (attributes), likewise.</summary>
internal enum DwarfAttribute
{
    Name = 0x03,
    ByteSize = 0x0B,
    BitOffsetFromTop = 0x0C,
    BitSize = 0x0D,
    StatementList = 0x10,
    LowPc = 0x11,
    HighPc = 0x12,
    UpperBound = 0x2F,
    AbstractOrigin = 0x31,
    Count = 0x37,
    DataMemberLocation = 0x38,
    Declaration = 0x3C,
    Specification = 0x47,
    Type = 0x49,
    Ranges = 0x55,
    CallFile = 0x58,
    CallLine = 0x59,
    DataBitOffset = 0x6B,
    LinkageName = 0x6E,
    StringOffsetsBase = 0x72,
    AddressBase = 0x73,
    RangeListsBase = 0x74,
    MipsLinkageName = 0x2007,
}

/// <summary>DWARF 5, section 7.5.6 (forms), and GNU's forms for a supplementary file (dwz).</summary>
internal enum DwarfForm
{
    Addr = 0x01, Block2 = 0x03, Block4 = 0x04, Data2 = 0x05, Data4 = 0x06, Data8 = 0x07, String = 0x08, Block = 0x09, Block1 = 0x0A,
    Data1 = 0x0B, Flag = 0x0C, SData = 0x0D, StrP = 0x0E, UData = 0x0F, RefAddr = 0x10, Ref1 = 0x11, Ref2 = 0x12, Ref4 = 0x13,
    Ref8 = 0x14, RefUData = 0x15, Indirect = 0x16, SecOffset = 0x17, ExprLoc = 0x18, FlagPresent = 0x19, StrX = 0x1A, AddrX = 0x1B,
    RefSup4 = 0x1C, StrPSup = 0x1D, Data16 = 0x1E, LineStrP = 0x1F, RefSig8 = 0x20, ImplicitConst = 0x21, LocListX = 0x22,
    RngListX = 0x23, RefSup8 = 0x24, StrX1 = 0x25, StrX2 = 0x26, StrX3 = 0x27, StrX4 = 0x28, AddrX1 = 0x29, AddrX2 = 0x2A,
    AddrX3 = 0x2B, AddrX4 = 0x2C, GnuRefAlt = 0x1F20, GnuStrPAlt = 0x1F21,
}
