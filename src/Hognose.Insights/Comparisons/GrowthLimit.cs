namespace Hognose.Insights.Comparisons;

/// <summary>How much more a change may take: a share of what it was before, or bytes.</summary>
public readonly record struct GrowthLimit(string Text, double? Share, long Bytes)
{
    /// <summary>From nothing to something is more than any share.</summary>
    public bool IsExceeded(long before, long after) => Share is { } share ? after - before > before * share : after - before > Bytes;
}
