using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Hognose.Diagnostics;

namespace Hognose.LayoutMaker.Dwarf;

/// <summary>The named sections of one ELF64 little-endian file, decompressed when the linker compressed them (Debian's debug files are).</summary>
internal sealed class ElfSections
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const uint NoBits = 8;
    private const ulong Compressed = 0x800;
    private const uint Zlib = 1;
    private const uint Zstandard = 2;

    private readonly Dictionary<string, byte[]> _sections = new(StringComparer.Ordinal);

    private ElfSections(string path) => Path = path;

    public string Path { get; }

    /// <summary>Hexadecimal GNU build-id, or null.</summary>
    public string? BuildId { get; private set; }

    public byte[] this[string name] => _sections.GetValueOrDefault(name, []);

    public bool HasDebugInfo => _sections.ContainsKey(".debug_info");

    public static ElfSections Load(string path)
    {
        var file = File.ReadAllBytes(path);
        if (file.Length < HeaderSize || BinaryPrimitives.ReadUInt32BigEndian(file) != 0x7F454C46 || file[4] != 2)
            throw new CannotContinueException($"{path} is not a 64-bit ELF file", "name a libpython, a python executable or a debug file");
        var elf = new ElfSections(path);
        elf.ReadSections(file);
        return elf;
    }

    private void ReadSections(byte[] file)
    {
        var table = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(40)));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(60));
        var namesIndex = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(62));
        var names = SectionBytes(file, table, namesIndex);
        for (var i = 0; i < count; i++)
        {
            var nameOffset = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(table + i * SectionHeaderSize));
            var name = CString(names.AsSpan(nameOffset));
            if (name.StartsWith(".debug_", StringComparison.Ordinal))
                _sections[name] = SectionBytes(file, table, i);
            else if (name == ".note.gnu.build-id")
                BuildId = Convert.ToHexStringLower(SectionBytes(file, table, i).AsSpan(16));
        }
    }

    private static byte[] SectionBytes(byte[] file, int table, int index)
    {
        var header = file.AsSpan(table + index * SectionHeaderSize, SectionHeaderSize);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == NoBits)
            return [];
        var flags = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        var offset = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..]));
        var size = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]));
        var raw = file.AsSpan(offset, size);
        return (flags & Compressed) == 0 ? raw.ToArray() : Decompress(raw);
    }

    private static byte[] Decompress(ReadOnlySpan<byte> raw)
    {
        const int compressionHeader = 24;
        var kind = BinaryPrimitives.ReadUInt32LittleEndian(raw);
        var result = new byte[checked((int)BinaryPrimitives.ReadUInt64LittleEndian(raw[8..]))];
        using var packed = new MemoryStream(raw[compressionHeader..].ToArray());
        using Stream stream = kind switch
        {
            Zlib => new ZLibStream(packed, CompressionMode.Decompress),
            Zstandard => new ZstdSharp.DecompressionStream(packed),
            _ => throw new CannotContinueException($"a debug section is compressed by the unknown method {kind}", "decompress it with objcopy"),
        };
        stream.ReadExactly(result);
        return result;
    }

    internal static string CString(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
