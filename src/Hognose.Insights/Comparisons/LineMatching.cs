namespace Hognose.Insights.Comparisons;

/// <summary>
/// Which lines of a function are the same before and after a change? Known are only the lines that allocated. As many before as after: each its like, in
/// order, however far they moved. Else those that stand alike, counted from the function's first line, and those that stand alike counted from its last.
/// </summary>
internal static class LineMatching
{
    /// <param name="before">Lines that allocated, counted from the function's first line, ascending.</param>
    /// <param name="after">Likewise.</param>
    /// <returns>Indices of pairs; lines in no pair cannot be told apart.</returns>
    public static List<(int Before, int After)> Pairs(IReadOnlyList<int> before, IReadOnlyList<int> after)
    {
        var pairs = new List<(int, int)>();
        var shorter = Math.Min(before.Count, after.Count);
        var head = before.Count == after.Count ? shorter : 0; // all of them
        while (head < shorter && before[head] == after[head])
            head++;
        var tail = 0;
        while (tail < shorter - head && before[^1] - before[before.Count - 1 - tail] == after[^1] - after[after.Count - 1 - tail])
            tail++;
        for (var i = 0; i < head; i++)
            pairs.Add((i, i));
        for (var i = tail; i > 0; i--)
            pairs.Add((before.Count - i, after.Count - i));
        return pairs;
    }
}
