using Hognose.CPython.Layouts;
using Hognose.Diagnostics;
using Hognose.CPython.Versions;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Walk;

/// <summary>What every reader of one walk shares.</summary>
internal sealed unsafe class WalkContext(
    FrozenMemory memory,
    IReadOnlyList<MemoryRegion> regions,
    CPythonLayout layout,
    PythonVersion version,
    Limits limits,
    DiagnosticBag diagnostics)
{
    // Below this a read past a span's end meets reserved zeros at worst; above it the span is looked up.
    private const ulong CheckedBytes = 1 << 16;

    private readonly (ulong Low, ulong High)[] _images =
        [.. regions.Where(region => region.IsImage).Select(region => (region.Low.Value, region.High.Value))];

    private readonly (ulong Low, ulong High)[] _spans = Joined(regions, MappingAccess.Read);

    public FrozenMemory Memory => memory;

    /// <summary>Where objects can stand: what the target may write.</summary>
    public IReadOnlyList<(ulong Low, ulong High)> WritableSpans { get; } = Joined(regions, MappingAccess.Write);

    public IReadOnlyList<MemoryRegion> Regions => regions;

    public CPythonLayout Layout => layout;

    public PythonVersion Version => version;

    public Limits Limits => limits;

    public DiagnosticBag Diagnostics => diagnostics;

    /// <summary>That memory holds; of executables and libraries also those that were never touched and stand in their files.</summary>
    public long Words { get; } = WordsOf(regions);

    /// <summary>Bytes of address space, touched or not.</summary>
    public long MappedBytes { get; } = regions.Sum(region => (long)region.Length);

    /// <summary>More items than words were copied cannot be true of any object, nor more than a graph has room for.</summary>
    public long MaxItems { get; } = Math.Min(Math.Min(limits.ItemsPerObject, Array.MaxLength / 4), WordsOf(regions));

    /// <summary>Our pointer to <paramref name="count"/> items of the target; null when they are absent or more than can be believed.</summary>
    public byte* Items(ulong address, long count, int itemSize)
    {
        if (count <= 0 || count > MaxItems)
            return null;
        var bytes = (ulong)count * (ulong)itemSize;
        if (bytes > CheckedBytes && !IsCopied(address, bytes))
            return null;
        return memory.Translate(address, bytes);
    }

    /// <summary>True when the whole range lies within memory that was copied.</summary>
    public bool IsCopied(ulong address, ulong bytes)
    {
        int low = 0, high = _spans.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (address < _spans[middle].Low)
                high = middle - 1;
            else if (address >= _spans[middle].High)
                low = middle + 1;
            else
                return bytes <= _spans[middle].High - address;
        }
        return false;
    }

    /// <summary>True within an executable or library, code included.</summary>
    public bool IsInImage(ulong address)
    {
        foreach (var (low, high) in _images)
            if (address >= low && address < high)
                return true;
        return false;
    }

    private static long WordsOf(IReadOnlyList<MemoryRegion> regions) =>
        regions.Sum(region => (long)(region.IsImage ? region.Length : region.PresentBytes)) / 8;

    private static (ulong Low, ulong High)[] Joined(IReadOnlyList<MemoryRegion> regions, MappingAccess access)
    {
        var joined = new List<(ulong Low, ulong High)>();
        foreach (var region in regions.Where(region => region.IsCopied && (region.Access & access) != 0).OrderBy(region => region.Low))
            if (joined.Count > 0 && region.Low.Value <= joined[^1].High)
                joined[^1] = (joined[^1].Low, Math.Max(joined[^1].High, region.High.Value));
            else
                joined.Add((region.Low.Value, region.High.Value));
        return [.. joined];
    }
}
