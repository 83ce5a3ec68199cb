namespace Hognose.Insights.Comparisons;

/// <summary>How much more a change may take: a share of what it was before, or bytes.</summary>
public readonly record struct GrowthLimit(string Text, double? Share, long Bytes)
{
    /// <summary>From nothing to something is more than any share.</summary>
    /// <param name="error">Of estimates: only growth beyond it is certain.</param>
    public bool IsExceeded(long before, long after, long error)
    {
        var growth = after - before - error;
        return Share is { } share ? growth > before * share : growth > Bytes;
    }
}
