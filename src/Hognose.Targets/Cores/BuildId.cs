using System.Buffers.Binary;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Cores;

/// <summary>The linker's name for one exact build of an executable or library (<c>NT_GNU_BUILD_ID</c>), as hexadecimal digits.</summary>
internal static class BuildId
{
    private const uint GnuBuildId = 3;
    private const int LargestNotes = 64 << 10;
    private const int MostSegments = 64;

    /// <param name="memory">A loaded image at <paramref name="start"/>, or its file with <paramref name="start"/> 0.</param>
    /// <param name="isFile">Notes are sought at their offsets instead of their addresses.</param>
    /// <returns>Empty when there is none, or not in what was dumped.</returns>
    public static string Read(IMemoryReader memory, TargetAddress start, bool isFile)
    {
        foreach (var segment in Segments(memory, start))
        {
            if (segment.Type != ElfSegment.Note || segment.FileSize is 0 or > LargestNotes)
                continue;
            var notes = new byte[segment.FileSize];
            // Notes stand in the file's first segment, which is loaded at its start: there, offset and distance are the same.
            if (memory.TryRead(new TargetAddress(unchecked(start.Value + (isFile ? segment.Offset : segment.VirtualAddress - FirstAddress(memory, start)))), notes)
                && Find(notes) is { Length: > 0 } found)
                return found;
        }
        return "";
    }

    /// <summary>The program headers of an ELF file or image; empty when it is none.</summary>
    public static IReadOnlyList<ElfSegment> Segments(IMemoryReader memory, TargetAddress start)
    {
        var segments = new List<ElfSegment>();
        Span<byte> bytes = stackalloc byte[ElfHeader.Size];
        if (!memory.TryRead(start, bytes) || !ElfHeader.TryParse(bytes, out var header) || !header.IsSupported || header.ProgramHeaderSize != ElfSegment.Size)
            return segments;
        for (var i = 0; i < Math.Min(header.ProgramHeaderCount, MostSegments); i++)
        {
            var address = new TargetAddress(unchecked(start.Value + header.ProgramHeaderOffset + (ulong)(i * ElfSegment.Size)));
            if (!memory.TryRead(address, bytes[..ElfSegment.Size]))
                break;
            segments.Add(ElfSegment.Parse(bytes));
        }
        return segments;
    }

    private static ulong FirstAddress(IMemoryReader memory, TargetAddress start) =>
        Segments(memory, start).FirstOrDefault(each => each.Type == ElfSegment.Load).VirtualAddress & ~4095UL;

    private static string Find(ReadOnlySpan<byte> notes)
    {
        const int headSize = 12;
        while (notes.Length >= headSize)
        {
            var nameLength = (BinaryPrimitives.ReadUInt32LittleEndian(notes) + 3L) & ~3L;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(notes[4..]);
            var start = headSize + nameLength;
            if (start > notes.Length || length > notes.Length - start)
                return "";
            if (BinaryPrimitives.ReadUInt32LittleEndian(notes[8..]) == GnuBuildId && notes[headSize..].StartsWith("GNU\0"u8))
                return Convert.ToHexStringLower(notes.Slice((int)start, (int)length));
            notes = notes[(int)Math.Min(start + ((length + 3L) & ~3L), notes.Length)..];
        }
        return "";
    }
}
