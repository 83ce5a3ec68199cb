namespace Hognose.Recording.Ledger;

/// <summary>A mapping, or what is left of one. <see cref="Bytes"/>: of what the program asked for; <see cref="End"/> is that of the last page.</summary>
internal readonly record struct LiveMapping(ulong Start, ulong End, long Bytes, uint Stack)
{
    private const ulong PageBytes = 4096;

    public ushort Thread { get; init; }

    /// <summary>By which the file's events name it.</summary>
    public uint Slot { get; init; }

    public long BornMilliseconds { get; init; }

    public static LiveMapping Of(ulong start, ulong length, uint stack) => new(start, PageEnd(start + length), (long)length, stack);

    public static ulong PageEnd(ulong address) => (address + PageBytes - 1) & ~(PageBytes - 1);

    /// <summary>The part between two addresses; without bytes where they are not in order, or where nothing was asked for.</summary>
    public LiveMapping Part(ulong from, ulong to)
    {
        (from, to) = (Math.Max(from, Start), Math.Min(to, Start + (ulong)Bytes));
        return this with { Start = from, End = PageEnd(Math.Max(from, to)), Bytes = to > from ? (long)(to - from) : 0 };
    }
}

/// <summary>What is mapped, in the order of addresses. munmap and mmap may take any pages out of any mappings.</summary>
internal sealed class LiveMappings
{
    private readonly List<LiveMapping> _mappings = [];

    public int Count => _mappings.Count;

    public IReadOnlyList<LiveMapping> All => _mappings;

    /// <summary>The caller has cut out what stood there.</summary>
    public void Add(LiveMapping mapping) => _mappings.Insert(FirstEndingAfter(mapping.Start), mapping);

    /// <summary>Takes the pages out of whatever is mapped there.</summary>
    /// <param name="start">Of the pages.</param>
    /// <param name="length">Bytes; the last page is taken whole.</param>
    /// <param name="touched">Is told each mapping with the bytes left of it before and behind, and gives what is behind its slot.</param>
    public void Cut(ulong start, ulong length, Func<LiveMapping, long, long, uint> touched)
    {
        var end = LiveMapping.PageEnd(start + length);
        for (var i = FirstEndingAfter(start); i < _mappings.Count && _mappings[i].Start < end;)
        {
            var mapping = _mappings[i];
            var before = mapping.Part(mapping.Start, start);
            var behind = mapping.Part(end, mapping.End);
            var slot = touched(mapping, before.Bytes, behind.Bytes);
            _mappings.RemoveAt(i);
            if (before.Bytes > 0)
                _mappings.Insert(i++, before);
            if (behind.Bytes > 0)
                _mappings.Insert(i++, behind with { Slot = slot });
        }
    }

    private int FirstEndingAfter(ulong address)
    {
        var (low, high) = (0, _mappings.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_mappings[middle].End <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
