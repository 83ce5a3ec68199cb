namespace Hognose.Heap.Retention;

/// <summary>
/// Sums of 64 bits in two columns of 32 that nobody needs any more: no new memory is touched for them. Nor, while sums stay below 4 GiB, for what the second one
/// was never written in: it had a number here and there.
/// </summary>
internal readonly ref struct SplitSums
{
    /// <summary>A page of memory.</summary>
    private const int ClearedAtOnce = 1024;

    private readonly Span<int> _low;
    private readonly Span<int> _high;

    public SplitSums(Span<int> low, Span<int> high)
    {
        _low = low;
        _high = high;
        low.Clear();
        for (; high.Length > 0; high = high[Math.Min(high.Length, ClearedAtOnce)..])
            if (high[..Math.Min(high.Length, ClearedAtOnce)] is var page && page.ContainsAnyExcept(0))
                page.Clear();
    }

    public long this[int index] => ((long)_high[index] << 32) | (uint)_low[index];

    public void Add(int index, long number)
    {
        var sum = this[index] + number;
        _low[index] = (int)sum;
        if ((int)(sum >> 32) is var high && high != _high[index])
            _high[index] = high;
    }
}
