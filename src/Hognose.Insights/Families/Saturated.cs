namespace Hognose.Insights.Families;

/// <summary>Sums of what files say, each of which may be anything from 0 up: what is too large stays the largest number.</summary>
internal static class Saturated
{
    public static long Sum(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;

    public static long Sum(IEnumerable<long> numbers) => numbers.Aggregate(0L, Sum);
}
