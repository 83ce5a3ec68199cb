namespace Hognose.Heap.Matching;

/// <summary>Objects of equal contents within one heap, told by position instead of by hash: from such a column no content can be guessed.</summary>
public static class EqualNodes
{
    public const int None = -1;

    // Odd, so that types stay apart: the golden ratio in 64 bits.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>By node: the nearest node before it of the same type and contents, or <see cref="None"/>.</summary>
    /// <param name="hashes">By node; 0: of no contents that are compared.</param>
    /// <param name="typeIds">By node.</param>
    public static int[] Before(ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> typeIds)
    {
        var count = 0;
        foreach (var hash in hashes)
            count += hash != 0 ? 1 : 0;
        var nodes = new int[count];
        var keys = new ulong[count];
        for (int node = 0, at = 0; node < hashes.Length; node++)
            if (hashes[node] != 0)
                (nodes[at], keys[at++]) = (node, hashes[node] ^ ((ulong)typeIds[node] * Spread));
        var before = new int[hashes.Length];
        Array.Fill(before, None);
        Array.Sort(keys, nodes);
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
