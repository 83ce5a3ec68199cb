using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>One column of a snapshot, as the numbers that stand for it in the file.</summary>
internal interface IFileColumn
{
    static abstract ulong NumberAt(HeapFile heap, int index);
}

/// <summary>Writes a part of a column; each kind of column has a loop of its own, without a call for a number.</summary>
internal static class ColumnWriter
{
    private const int NumbersAtOnce = 256;

    public static void Write<TColumn>(PayloadWriter payload, HeapFile heap, int first, int end)
        where TColumn : IFileColumn
    {
        Span<ulong> numbers = stackalloc ulong[NumbersAtOnce];
        for (var from = first; from < end; from += NumbersAtOnce)
        {
            var some = numbers[..Math.Min(end - from, NumbersAtOnce)];
            for (var i = 0; i < some.Length; i++)
                some[i] = TColumn.NumberAt(heap, from + i);
            payload.Numbers(some);
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">Negative: a caller's mistake, the format has no such number.</exception>
    public static ulong Count(long number) => number >= 0 ? (ulong)number : throw new ArgumentOutOfRangeException(nameof(number));
}
