namespace Hognose.Heap.Matching;

/// <summary>Objects of equal contents within one heap, told by position instead of by hash: from such a column no content can be guessed.</summary>
public static class EqualNodes
{
    public const int None = -1;

    // Odd, so that types stay apart: the golden ratio in 64 bits.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>By node: the nearest node before it of the same type and contents, or <see cref="None"/>.</summary>
    /// <param name="nodes">Those with contents. Is used up: sorted by them.</param>
    /// <param name="hashes">By place among those; 0: of no contents that are compared. Is used up, too.</param>
    /// <param name="typeIds">By node.</param>
    public static int[] Before(int[] nodes, ulong[] hashes, ReadOnlySpan<int> typeIds)
    {
        var keys = hashes;
        var count = 0;
        for (var at = 0; at < nodes.Length; at++)
            if (hashes[at] != 0)
                (nodes[count], keys[count++]) = (nodes[at], hashes[at] ^ ((ulong)typeIds[nodes[at]] * Spread));
        var before = new int[typeIds.Length];
        Array.Fill(before, None);
        Array.Sort(keys, nodes, 0, count);
        for (int from = 0, to; from < count; from = to)
        {
            for (to = from + 1; to < count && keys[to] == keys[from];)
                to++;
            if (to - from == 1)
                continue;
            Array.Sort(nodes, from, to - from);
            for (var i = from + 1; i < to; i++)
                before[nodes[i]] = nodes[i - 1];
        }
        return before;
    }

    /// <summary>By node: the first of those that it is equal to, which may be itself.</summary>
    public static int[] First(ReadOnlySpan<int> before)
    {
        var first = new int[before.Length];
        for (var node = 0; node < first.Length; node++)
            first[node] = before[node] == None ? node : first[before[node]];
        return first;
    }
}
