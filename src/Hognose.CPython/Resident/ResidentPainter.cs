using System.Runtime.InteropServices;
using Hognose.Heap.Resident;
using Hognose.Targets.Copying;

namespace Hognose.CPython.Resident;

/// <summary>Adds up resident bytes by kind and name, and what each mapping has been given so far.</summary>
internal sealed class ResidentPainter
{
    private readonly IReadOnlyList<MemoryRegion> _regions;
    private readonly Dictionary<(ResidentKind Kind, string Name), (long Bytes, long Count)>[] _parts;
    private int _region;
    private int _run;

    public ResidentPainter(IReadOnlyList<MemoryRegion> regions)
    {
        _regions = regions;
        _parts = new Dictionary<(ResidentKind, string), (long, long)>[regions.Count];
    }

    /// <summary>Gives a range to a kind, whose count grows by <paramref name="count"/>; ranges may come in any order but must not overlap.</summary>
    public void Paint(ulong low, ulong high, ResidentKind kind, string name, long count)
    {
        SeekRegion(low);
        if (_region >= _regions.Count)
            return;
        var bytes = 0L;
        for (var region = _region; region < _regions.Count && _regions[region].Low.Value < high; region++)
        {
            // A block that crosses the end of a mapping counts where it begins.
            bytes = ResidentOf(region, low, high);
            if (bytes > 0 || count > 0)
                Add(region, kind, name, bytes, count);
            count = 0;
        }
    }

    /// <summary>Of a range, what is in memory or swapped out.</summary>
    public long ResidentOf(ulong low, ulong high)
    {
        SeekRegion(low);
        var bytes = 0L;
        for (var region = _region; region < _regions.Count && _regions[region].Low.Value < high; region++)
            bytes += ResidentOf(region, low, high);
        return bytes;
    }

    /// <summary>The run of pages in memory that holds an address, as far as it is of one mapping; empty where there is none.</summary>
    public PageRun RunAround(ulong address, out int region)
    {
        SeekRegion(address);
        region = _region;
        if (_region >= _regions.Count)
            return default;
        _ = ResidentOf(_region, address, address + 1);
        var runs = _regions[_region].Present;
        return _run < runs.Count && runs[_run].Low <= address ? runs[_run] : default;
    }

    public long PaintedOf(int region) => _parts[region]?.Values.Sum(part => part.Bytes) ?? 0;

    public void Add(int region, ResidentKind kind, string name, long bytes, long count)
    {
        ref var part = ref CollectionsMarshal.GetValueRefOrAddDefault(_parts[region] ??= [], (kind, name), out _);
        part = (part.Bytes + bytes, part.Count + count);
    }

    /// <summary>Takes bytes away from a mapping's parts, from those of the first kinds in <paramref name="order"/> first.</summary>
    public void Take(int region, long bytes, IReadOnlyList<ResidentKind> order)
    {
        var keys = (_parts[region] ?? []).Keys.OrderBy(key => IndexOf(order, key.Kind)).ThenBy(key => key.Name, StringComparer.Ordinal).ToList();
        foreach (var key in keys)
        {
            var part = _parts[region][key];
            var taken = Math.Min(bytes, part.Bytes);
            _parts[region][key] = (part.Bytes - taken, part.Count);
            bytes -= taken;
        }
    }

    public List<ResidentPart> Parts() =>
        [.. _parts.Where(parts => parts is not null).SelectMany(parts => parts)
            .GroupBy(part => part.Key)
            .Select(group => new ResidentPart(group.Key.Kind, group.Key.Name, group.Sum(part => part.Value.Bytes), group.Sum(part => part.Value.Count)))
            .OrderByDescending(part => part.Bytes).ThenBy(part => part.Kind).ThenBy(part => part.Name, StringComparer.Ordinal)];

    private static int IndexOf(IReadOnlyList<ResidentKind> order, ResidentKind kind)
    {
        for (var i = 0; i < order.Count; i++)
            if (order[i] == kind)
                return i;
        return order.Count;
    }

    // Ranges mostly ascend: the search goes on where the last one ended.
    private void SeekRegion(ulong low)
    {
        if (_region >= _regions.Count || _regions[_region].Low.Value > low)
        {
            _region = 0;
            _run = 0;
        }
        while (_region < _regions.Count && _regions[_region].High.Value <= low)
        {
            _region++;
            _run = 0;
        }
    }

    private long ResidentOf(int region, ulong low, ulong high)
    {
        var runs = _regions[region].Present;
        var start = region == _region ? _run : 0;
        if (start > 0 && runs[start - 1].High > low)
            start = 0;
        while (start < runs.Count && runs[start].High <= low)
            start++;
        if (region == _region)
            _run = start;
        var bytes = 0L;
        for (var run = start; run < runs.Count && runs[run].Low < high; run++)
            bytes += (long)(Math.Min(runs[run].High, high) - Math.Max(runs[run].Low, low));
        return bytes;
    }
}
