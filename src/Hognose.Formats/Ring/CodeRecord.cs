using System.Runtime.InteropServices;

namespace Hognose.Formats.Ring;

/// <summary>
/// Head of one code object's description in the code area, 32 bytes; the three payloads follow, the whole is padded to 8 bytes.
/// Records are only appended, in the order of their ids, starting with id 1; a record is whole before a node names it.
/// <code>
///   0 u32 Length          bytes of the whole record, head and padding included
///   4 u32 CodeId
///   8 i32 FirstLine       co_firstlineno
///  12 u32 FileLength      characters
///  16 u32 NameLength      characters
///  20 u32 LineTableLength bytes of co_lnotab (≤ 3.9) or co_linetable
///  24 u8  FileKind        bytes a character: 1 (ASCII or Latin-1), 2, 4
///  25 u8  NameKind
///  26 u16 Kind            0: a code object; 1: an executable or library, see <see cref="ModuleKind"/>
///  28 u32 zero
///  32     file name, function name (co_qualname from 3.11, else co_name), line table
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct CodeRecord
{
    public const int SizeInBytes = 32;

    /// <summary>An executable or library: its path in place of the file's name, its build id (0 to 64 bytes) in place of the line table.</summary>
    public const ushort ModuleKind = 1;

    public uint Length;
    public uint CodeId;
    public int FirstLine;
    public uint FileLength;
    public uint NameLength;
    public uint LineTableLength;
    public byte FileKind;
    public byte NameKind;
    public ushort Kind;
    public uint Reserved1;
}
