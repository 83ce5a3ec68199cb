using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using ZstdSharp;

namespace Hognose.Targets.Symbols;

/// <summary>A section of an ELF file (<c>Elf64_Shdr</c>).</summary>
internal readonly record struct Section(string Name, uint Type, ulong Flags, ulong Offset, ulong Size, uint Link);

/// <summary>The sections of an ELF file, and their contents. The file may be anything; what it says is bounded.</summary>
internal sealed class SectionTable
{
    private const int HeaderSize = 64;
    private const int MaximalSections = 4096;
    private const int LongestNames = 1 << 20;
    private const int CompressionHeader = 24;
    private const ulong IsCompressed = 0x800;
    private const uint Zlib = 1;
    private const uint Zstd = 2;
    private const uint WithoutContents = 8; // SHT_NOBITS

    private readonly MappedFile _file;
    private readonly List<Section> _sections = [];

    private SectionTable(MappedFile file) => _file = file;

    public static SectionTable Read(MappedFile file)
    {
        var table = new SectionTable(file);
        Span<byte> bytes = stackalloc byte[ElfHeader.Size];
        if (!file.TryRead(TargetAddress.Null, bytes) || !ElfHeader.TryParse(bytes, out var header) || !header.IsSupported || header.SectionHeaderSize != HeaderSize
            || header.SectionHeaderCount > MaximalSections)
            return table;
        var headers = new byte[header.SectionHeaderCount * HeaderSize];
        if (header.SectionNamesIndex >= header.SectionHeaderCount || !file.TryRead(new TargetAddress(header.SectionHeaderOffset), headers))
            return table;
        var names = table.Contents(Parse(headers, header.SectionNamesIndex, []), LongestNames);
        for (var i = 0; i < header.SectionHeaderCount; i++)
            table._sections.Add(Parse(headers, i, names));
        return table;
    }

    public bool Has(string name) => _sections.Exists(section => section.Name == name && section.Type != WithoutContents);

    /// <summary>Unpacked; empty when there is no such section, or it is longer.</summary>
    public byte[] Contents(string name, int longest) => _sections.Find(section => section.Name == name) is { Name: not null } found ? Contents(found, longest) : [];

    /// <summary>Of the section that another's header names: a symbol table's strings.</summary>
    public byte[] LinkedFrom(string name, int longest) =>
        _sections.Find(section => section.Name == name) is { Name: not null } found && found.Link < _sections.Count ? Contents(_sections[(int)found.Link], longest) : [];

    private byte[] Contents(Section section, int longest)
    {
        if (section.Type == WithoutContents || section.Size > (ulong)longest)
            return [];
        var bytes = new byte[section.Size];
        if (!_file.TryRead(new TargetAddress(section.Offset), bytes))
            return [];
        return (section.Flags & IsCompressed) == 0 ? bytes : Unpack(bytes, longest);
    }

    /// <summary><c>Elf64_Chdr</c>: kind, length once unpacked.</summary>
    private static byte[] Unpack(byte[] bytes, int longest)
    {
        if (bytes.Length < CompressionHeader)
            return [];
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8));
        if (length > (ulong)longest)
            return [];
        try
        {
            using var packed = new MemoryStream(bytes, CompressionHeader, bytes.Length - CompressionHeader);
            using Stream? plain = BinaryPrimitives.ReadUInt32LittleEndian(bytes) switch
            {
                Zlib => new ZLibStream(packed, CompressionMode.Decompress),
                Zstd => new DecompressionStream(packed),
                _ => null,
            };
            var unpacked = new byte[length];
            return plain is not null && plain.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false) == unpacked.Length ? unpacked : [];
        }
        catch (Exception trouble) when (trouble is InvalidDataException or ZstdException or IOException)
        {
            return [];
        }
    }

    private static Section Parse(ReadOnlySpan<byte> headers, int index, ReadOnlySpan<byte> names)
    {
        var bytes = headers.Slice(index * HeaderSize, HeaderSize);
        return new Section(
            TextAt(names, BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]));
    }

    /// <summary>Up to the zero; empty when it begins nowhere.</summary>
    public static string TextAt(ReadOnlySpan<byte> texts, ulong offset)
    {
        const int longest = 4096;
        if (offset >= (ulong)texts.Length)
            return "";
        var text = texts[(int)offset..];
        var length = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(text[..Math.Min(length < 0 ? text.Length : length, longest)]);
    }
}
