namespace Hognose.Heap.Retention;

/// <summary>Sums of 64 bits in two columns of 32 that nobody needs any more: no new memory is touched for them.</summary>
internal readonly ref struct SplitSums
{
    private readonly Span<int> _low;
    private readonly Span<int> _high;

    public SplitSums(Span<int> low, Span<int> high)
    {
        _low = low;
        _high = high;
        low.Clear();
        high.Clear();
    }

    public long this[int index] => ((long)_high[index] << 32) | (uint)_low[index];

    public void Add(int index, long number)
    {
        var sum = this[index] + number;
        _low[index] = (int)sum;
        _high[index] = (int)(sum >> 32);
    }
}
