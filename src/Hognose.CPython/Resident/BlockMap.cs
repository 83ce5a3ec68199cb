using Hognose.Columns;

namespace Hognose.CPython.Resident;

/// <summary>
/// Blocks in use, pymalloc's and malloc's, ascending: from any address to the block around it in some twenty steps. 8 bytes a block, 4 for
/// each page between blocks, and while owners are sought at most 8 more a block.
/// </summary>
internal sealed class BlockMap
{
    public const int Nobody = -1;

    private const int PageShift = 12;
    private const ulong LargestGap = 256;
    private const ulong FewPages = 4096;
    private const ulong LeastBlocksOnPage = 4;
    private const int UnitShift = 4;
    private const int WordShift = 6;
    private const ulong InWord = (1 << WordShift) - 1;

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
    public int Find(ulong address) => SpanOf(address >> PageShift) is { } span ? FindIn(span, address >> PageShift, address) : -1;

    /// <summary>The same for blocks that had no owner at <see cref="MarkUnowned"/>, to which few of a heap's words lead: -1 also for one that has an owner.</summary>
    public int FindUnowned(ulong address) =>
        SpanOf(address >> PageShift) is { } span && span.IsMarked(address) && FindIn(span, address >> PageShift, address) is var block and >= 0 && !IsOwned(block)
            ? block
            : -1;

    /// <summary>A bit for every 16 bytes, of which a block without an owner has these.</summary>
    public void MarkUnowned()
    {
        var block = 0;
        foreach (var span in _spans)
        {
            span.MakeRoomForMarks(span.End - block);
            for (; block < span.End; block++)
                if (!IsOwned(block))
                    span.Mark(_starts[block], BytesOf(block));
        }
    }

    /// <summary>Goes along with addresses that ascend.</summary>
    public struct Cursor(BlockMap blocks)
    {
        private int _block = -1;
        private ulong _start;
        private ulong _end;
        private ulong _next = blocks.Count > 0 ? blocks._starts[0] : ulong.MaxValue;

        /// <summary>Where the block begins that was found last.</summary>
        public readonly ulong Start => _start;

        /// <summary>Where it ends.</summary>
        public readonly ulong End => _end;

        /// <summary>The block that an address lies in, or -1.</summary>
        /// <param name="address">Not below the former one.</param>
        public int Find(ulong address)
        {
            while (_next <= address)
                Advance();
            return address < _end ? _block : -1;
        }

        private void Advance()
        {
            _start = _next;
            _end = _start + blocks.BytesOf(++_block);
            _next = _block + 1 < blocks.Count ? blocks._starts[_block + 1] : ulong.MaxValue;
        }
    }

    private Span? SpanOf(ulong page)
    {
        // Of a thousand words, all but a few lead into the span that the one before led into.
        if (page >= _last.Low && page <= _last.High)
            return _last;
        int low = 0, high = _spans.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (page < _spans[middle].Low)
                high = middle - 1;
            else if (page > _spans[middle].High)
                low = middle + 1;
            else
                return _last = _spans[middle];
        }
        return null;
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

        private ulong[]? _marks;

        /// <summary>One more than the last block that begins in it.</summary>
        public int End { get; set; }

        public List<int> Firsts { get; } = [];

        /// <summary>None where few blocks are far apart or one claims terabytes: marks would take more than the blocks. Then every address may be marked.</summary>
        public void MakeRoomForMarks(int blocks)
        {
            var pages = High - Low + 1;
            if (pages <= FewPages + (ulong)blocks / LeastBlocksOnPage)
                _marks = new ulong[pages << (PageShift - UnitShift) >> WordShift];
        }

        public void Mark(ulong start, ulong bytes)
        {
            if (_marks is null || bytes == 0)
                return;
            var end = UnitOf(start + bytes - 1);
            for (var unit = UnitOf(start); unit <= end; unit++)
                _marks[unit >> WordShift] |= 1ul << (int)(unit & InWord);
        }

        public bool IsMarked(ulong address) => _marks is null || (_marks[UnitOf(address) >> WordShift] >> (int)(UnitOf(address) & InWord) & 1) != 0;

        private ulong UnitOf(ulong address) => (address - (Low << PageShift)) >> UnitShift;
    }
}
