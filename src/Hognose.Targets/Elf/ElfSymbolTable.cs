using System.Buffers.Binary;
using System.Text;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Elf;

/// <summary>
/// The dynamic symbols of an image, looked up as the dynamic loader does it: DT_GNU_HASH, else DT_HASH
/// (elf(5); the GNU hash section has no standard, glibc's elf/dl-lookup.c is its definition).
/// </summary>
internal sealed class ElfSymbolTable
{
    private const ulong TagHash = 4;
    private const ulong TagStringTable = 5;
    private const ulong TagSymbolTable = 6;
    private const ulong TagStringBytes = 10;
    private const ulong TagGnuHash = 0x6ffffef5;
    private const int SymbolSize = 24;

    // A chain of the GNU hash has a handful of symbols; a hostile one has no end.
    private const int MaximalChain = 1 << 16;

    private readonly IMemoryReader _memory;
    private readonly ulong _bias;
    private readonly TargetAddress _symbols;
    private readonly TargetAddress _strings;
    private readonly ulong _stringBytes;
    private readonly TargetAddress _gnuHash;
    private readonly TargetAddress _hash;

    private ElfSymbolTable(IMemoryReader memory, Dictionary<ulong, ulong> dynamic, ulong bias, ulong end)
    {
        _memory = memory;
        _bias = bias;
        _symbols = Pointer(dynamic, TagSymbolTable, bias, end);
        _strings = Pointer(dynamic, TagStringTable, bias, end);
        _stringBytes = dynamic.GetValueOrDefault(TagStringBytes);
        _gnuHash = Pointer(dynamic, TagGnuHash, bias, end);
        _hash = Pointer(dynamic, TagHash, bias, end);
    }

    /// <param name="end">Behind the last loaded byte, as linked (without the bias).</param>
    public static ElfSymbolTable? TryOpen(IMemoryReader memory, Dictionary<ulong, ulong> dynamic, ulong bias, ulong end)
    {
        var table = new ElfSymbolTable(memory, dynamic, bias, end);
        return table._symbols.IsNull || table._strings.IsNull || (table._gnuHash.IsNull && table._hash.IsNull) ? null : table;
    }

    public bool TryFind(string name, out ElfSymbol symbol)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return _gnuHash.IsNull ? TryFindByHash(bytes, out symbol) : TryFindByGnuHash(bytes, out symbol);
    }

    /// <summary>glibc adds the load bias to these entries in place, musl and the vdso leave them as linked: both are accepted.</summary>
    private static TargetAddress Pointer(Dictionary<ulong, ulong> dynamic, ulong tag, ulong bias, ulong end)
    {
        if (!dynamic.TryGetValue(tag, out var value))
            return TargetAddress.Null;
        var isRelocated = unchecked(value - bias) < end;
        return new TargetAddress(isRelocated ? value : unchecked(value + bias));
    }

    private bool TryFindByGnuHash(ReadOnlySpan<byte> name, out ElfSymbol symbol)
    {
        symbol = default;
        if (!_memory.TryRead(_gnuHash, out GnuHashHeader header) || header.Buckets == 0)
            return false;
        var hash = GnuHash(name);
        var buckets = _gnuHash + 16 + (8L * header.BloomWords);
        if (!_memory.TryRead(buckets + (4L * (hash % header.Buckets)), out uint index) || index < header.FirstSymbol)
            return false;
        var chain = buckets + (4L * header.Buckets);
        for (var i = 0; i < MaximalChain; i++, index++)
        {
            if (!_memory.TryRead(chain + (4L * (index - header.FirstSymbol)), out uint entry))
                return false;
            if ((entry | 1) == (hash | 1) && TryMatch(index, name, out symbol))
                return true;
            if ((entry & 1) != 0)
                return false;
        }
        return false;
    }

    private bool TryFindByHash(ReadOnlySpan<byte> name, out ElfSymbol symbol)
    {
        symbol = default;
        if (!_memory.TryRead(_hash, out uint buckets) || buckets == 0 || !_memory.TryRead(_hash + 4, out uint symbols))
            return false;
        if (!_memory.TryRead(_hash + 8 + (4L * (SystemVHash(name) % buckets)), out uint index))
            return false;
        for (var i = 0; i < MaximalChain && index != 0 && index < symbols; i++)
        {
            if (TryMatch(index, name, out symbol))
                return true;
            if (!_memory.TryRead(_hash + 8 + (4L * buckets) + (4L * index), out index))
                return false;
        }
        return false;
    }

    private bool TryMatch(uint index, ReadOnlySpan<byte> name, out ElfSymbol symbol)
    {
        symbol = default;
        Span<byte> bytes = stackalloc byte[SymbolSize];
        if (!_memory.TryRead(_symbols + ((long)SymbolSize * index), bytes))
            return false;
        var nameOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var section = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        if (section == 0 || (_stringBytes != 0 && nameOffset >= _stringBytes) || !IsNamed(_strings + nameOffset, name))
            return false;
        symbol = new ElfSymbol(
            new TargetAddress(unchecked(_bias + BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]))),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
        return true;
    }

    private bool IsNamed(TargetAddress address, ReadOnlySpan<byte> name)
    {
        Span<byte> found = stackalloc byte[name.Length + 1];
        return _memory.TryRead(address, found) && found[..name.Length].SequenceEqual(name) && found[name.Length] == 0;
    }

    private static uint GnuHash(ReadOnlySpan<byte> name)
    {
        var hash = 5381u;
        foreach (var c in name)
            hash = unchecked((hash * 33) + c);
        return hash;
    }

    private static uint SystemVHash(ReadOnlySpan<byte> name)
    {
        var hash = 0u;
        foreach (var c in name)
        {
            hash = unchecked((hash << 4) + c);
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }

    private readonly record struct GnuHashHeader(uint Buckets, uint FirstSymbol, uint BloomWords, uint BloomShift);
}
