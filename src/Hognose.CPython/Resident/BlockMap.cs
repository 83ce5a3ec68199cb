using Hognose.Columns;

namespace Hognose.CPython.Resident;

/// <summary>
/// Blocks in use, pymalloc's and malloc's, ascending: from any address to the block around it in some twenty steps. 8 bytes a block and 4 for
/// each page between blocks.
/// </summary>
internal sealed class BlockMap
{
    public const int Nobody = -1;

    private const int PageShift = 12;
    private const ulong LargestGap = 256;

    private readonly AddressColumn _starts = [];
    private readonly BlockSizes _sizes = new();
    private readonly List<Span> _spans = [];
    private NumberColumn _owners = [];
    private Span _last = new(ulong.MaxValue);

    public int Count => _starts.Length;

    public ulong StartOf(int block) => _starts[block];

    /// <summary>An owner's number, or <see cref="Nobody"/>.</summary>
    public int OwnerOf(int block) => (int)_owners[block];

    public bool IsOwned(int block) => _owners[block] != Nobody;

    public void Give(int block, int owner) => _owners[block] = owner;

    /// <summary>Of which the block's user may have a few less.</summary>
    public ulong BytesOf(int block) => _sizes[block];

    /// <summary>Blocks come ascending and do not overlap; sizes are multiples of 16.</summary>
    public void Add(ulong start, ulong bytes)
    {
        _starts.Add(start);
        _sizes.Add(bytes);
    }

    /// <summary>After the last <see cref="Add"/>.</summary>
    public void Complete()
    {
        _owners = new NumberColumn(Count);
        for (var block = 0; block < Count; block++)
        {
            _owners[block] = Nobody;
            ulong low = _starts[block] >> PageShift, high = (_starts[block] + BytesOf(block) - 1) >> PageShift;
            if (_spans.Count == 0 || low > _spans[^1].High + LargestGap)
                _spans.Add(new Span(low));
            var span = _spans[^1];
            span.End = block + 1;
            while (span.Low + (ulong)span.Firsts.Count <= low)
                span.Firsts.Add(block);
            span.High = Math.Max(span.High, high);
        }
    }

    /// <summary>Whether a block begins on a page, which begins there, or reaches into it.</summary>
    public bool TouchesPage(ulong page)
    {
        var next = _starts.Search(page);
        if (next < 0)
            next = ~next;
        return next < Count && _starts[next] < page + (1 << PageShift) || next > 0 && _starts[next - 1] + BytesOf(next - 1) > page;
    }

    /// <summary>The block that an address lies in, or -1.</summary>
    public int Find(ulong address)
    {
        var page = address >> PageShift;
        // Of a thousand words, all but a few lead into the span that the one before led into.
        if (page >= _last.Low && page <= _last.High)
            return FindIn(_last, page, address);
        int low = 0, high = _spans.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (page < _spans[middle].Low)
                high = middle - 1;
            else if (page > _spans[middle].High)
                low = middle + 1;
            else
                return FindIn(_last = _spans[middle], page, address);
        }
        return -1;
    }

    /// <summary>The same for addresses that ascend.</summary>
    /// <param name="from">Where the former search ended; 0 for the first.</param>
    /// <param name="address">Not below the former one.</param>
    public int FindFrom(ref int from, ulong address)
    {
        while (from + 1 < Count && _starts[from + 1] <= address)
            from++;
        return Count > 0 && IsWithin(from, address) ? from : -1;
    }

    /// <summary>Firsts of a page: the first block that begins on it or behind it.</summary>
    private int FindIn(Span span, ulong page, ulong address)
    {
        var at = (int)Math.Min(page - span.Low, (ulong)span.Firsts.Count - 1);
        var first = span.Firsts[at];
        var end = at + 1 < span.Firsts.Count ? span.Firsts[at + 1] : span.End;
        int low = Math.Max(first - 1, 0), high = end - 1;
        // Blocks of a pool are of one size: mostly the place follows from it.
        if (high >= first && address >= _starts[first] && BytesOf(first) is > 0 and var size && (address - _starts[first]) / size is var after
            && after <= (ulong)(high - first) && first + (int)after is var guess && IsWithin(guess, address))
            return guess;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (_starts[middle] <= address)
                low = middle;
            else
                high = middle - 1;
        }
        return IsWithin(low, address) ? low : -1;
    }

    private bool IsWithin(int block, ulong address) => _starts[block] <= address && address - _starts[block] < BytesOf(block);

    private sealed class Span(ulong low)
    {
        public ulong Low { get; } = low;

        public ulong High { get; set; } = low;

        /// <summary>One more than the last block that begins in it.</summary>
        public int End { get; set; }

        public List<int> Firsts { get; } = [];
    }
}
