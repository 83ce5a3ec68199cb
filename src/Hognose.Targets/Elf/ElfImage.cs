using Hognose.Targets.Memory;

namespace Hognose.Targets.Elf;

/// <summary>
/// An executable or library read from the memory of the process that runs it, so that it needs no file: not one that was deleted,
/// replaced by an upgrade, or lies in another mount namespace. Everything read is believed only within bounds.
/// </summary>
public sealed class ElfImage
{
    private const int MaximalSegments = 1024;
    private const int MaximalDynamicEntries = 4096;
    private const ulong PageMask = 4095;

    private readonly ElfSymbolTable? _symbols;

    private ElfImage(ElfHeader header, ulong bias, ElfSymbolTable? symbols)
    {
        Header = header;
        LoadBias = bias;
        _symbols = symbols;
    }

    public ElfHeader Header { get; }

    /// <summary>What the loader added to every address of the file; wraps around where the image lies below its linked address.</summary>
    public ulong LoadBias { get; }

    public bool HasDynamicSymbols => _symbols is not null;

    /// <param name="start">Where the file's first byte is mapped.</param>
    public static bool TryOpen(IMemoryReader memory, TargetAddress start, out ElfImage image)
    {
        image = null!;
        Span<byte> bytes = stackalloc byte[ElfHeader.Size];
        if (!memory.TryRead(start, bytes) || !ElfHeader.TryParse(bytes, out var header) || !header.IsSupported)
            return false;
        var segments = ReadSegments(memory, start, header);
        var first = segments.FindIndex(s => s.Type == ElfSegment.Load);
        if (first < 0)
            return false;
        var bias = unchecked(start.Value - (segments[first].VirtualAddress & ~PageMask));
        image = new ElfImage(header, bias, ReadSymbols(memory, segments, bias));
        return true;
    }

    public bool TryFindSymbol(string name, out ElfSymbol symbol)
    {
        symbol = default;
        return _symbols is not null && _symbols.TryFind(name, out symbol);
    }

    private static List<ElfSegment> ReadSegments(IMemoryReader memory, TargetAddress start, ElfHeader header)
    {
        var segments = new List<ElfSegment>();
        Span<byte> bytes = stackalloc byte[ElfSegment.Size];
        if (header.ProgramHeaderSize != ElfSegment.Size)
            return segments;
        for (var i = 0; i < Math.Min(header.ProgramHeaderCount, MaximalSegments); i++)
        {
            var address = new TargetAddress(unchecked(start.Value + header.ProgramHeaderOffset + (ulong)(i * ElfSegment.Size)));
            if (!memory.TryRead(address, bytes))
                break;
            segments.Add(ElfSegment.Parse(bytes));
        }
        return segments;
    }

    private static ElfSymbolTable? ReadSymbols(IMemoryReader memory, List<ElfSegment> segments, ulong bias)
    {
        var index = segments.FindIndex(s => s.Type == ElfSegment.Dynamic);
        if (index < 0)
            return null;
        var end = segments.Where(s => s.Type == ElfSegment.Load).Max(s => unchecked(s.VirtualAddress + s.MemorySize));
        var entries = ReadDynamicEntries(memory, new TargetAddress(unchecked(bias + segments[index].VirtualAddress)));
        return ElfSymbolTable.TryOpen(memory, entries, bias, end);
    }

    private static Dictionary<ulong, ulong> ReadDynamicEntries(IMemoryReader memory, TargetAddress address)
    {
        var entries = new Dictionary<ulong, ulong>();
        for (var i = 0; i < MaximalDynamicEntries; i++)
        {
            if (!memory.TryRead(address + (16L * i), out ulong tag)
                || !memory.TryRead(address + (16L * i) + 8, out ulong value)
                || tag == 0)
                break;
            entries.TryAdd(tag, value);
        }
        return entries;
    }
}
