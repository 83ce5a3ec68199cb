using System.Globalization;
using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;

namespace Hognose.Insights.Allocations;

/// <summary>Over what the blocks of a recording are spread, other than places in the code.</summary>
public enum SpreadKind
{
    /// <summary>What was held at the end, by the objects' types (<c>run --objects</c>).</summary>
    Type,
    Thread,

    /// <summary>Powers of two.</summary>
    Size,

    /// <summary>The functions of CPython's, or C's, that served them.</summary>
    Allocator,

    /// <summary>When they were allocated: slices of equal length.</summary>
    Time,
}

/// <param name="Label">What they have in common.</param>
/// <param name="Blocks">Of the view that is asked for.</param>
/// <param name="Bytes">The same.</param>
/// <param name="NeverFreedBytes">Not even by Python's shutdown; null where that is not told.</param>
public sealed record SpreadRow(string Label, long Blocks, long Bytes, long? NeverFreedBytes)
{
    /// <summary>What the same blocks come to in the other views; null where only one is known.</summary>
    public StackUsage? Usage { get; init; }
}

public static class AllocationSpread
{
    /// <summary>Of types: what is no object, nor what an object stores outside of itself.</summary>
    public const string NoObject = "(memory that is no object)";

    /// <summary>What a spread is of where no view is asked for.</summary>
    public static RecordingView DefaultView(SpreadKind kind) => kind == SpreadKind.Type ? RecordingView.Leaks : RecordingView.All;

    /// <summary>By what the blocks of each stack must be told apart for it; null: nothing.</summary>
    public static BlockTrait? TraitOf(SpreadKind kind) => kind switch
    {
        SpreadKind.Thread => BlockTrait.Thread,
        SpreadKind.Size => BlockTrait.Size,
        SpreadKind.Allocator => BlockTrait.Allocator,
        SpreadKind.Time => BlockTrait.Time,
        _ => null,
    };

    /// <summary>Sizes from the smallest up, time from its begin on, all else the most bytes first. Empty: there is nothing, or the recording does not tell.</summary>
    /// <param name="recording">Without <see cref="RecordingSummary.Spread"/> it tells the <see cref="DefaultView"/> of the whole alone.</param>
    public static IReadOnlyList<SpreadRow> Of(RecordingSummary recording, SpreadKind kind, RecordingView view) =>
        recording.Spread is { } spread ? OfParts(recording, spread, view) : OfWhole(recording, kind);

    private static IReadOnlyList<SpreadRow> OfParts(RecordingSummary recording, RecordingSpread spread, RecordingView view)
    {
        var sums = new SortedDictionary<int, (StackUsage Usage, long NeverFreed)>();
        foreach (var part in spread.Parts)
        {
            var sum = sums.GetValueOrDefault(part.Key);
            sums[part.Key] = (sum.Usage.Plus(part.Usage), sum.NeverFreed + part.NeverFreedBytes);
        }
        var rows = sums.Where(sum => sum.Value.Usage != default).Select(sum => (sum.Key, Row: RowOf(LabelOf(recording, spread, sum.Key), sum.Value.Usage, sum.Value.NeverFreed))).ToList();
        return spread.Trait switch
        {
            BlockTrait.Size => [.. rows.Where(each => each.Row.Blocks > 0).Select(each => each.Row)],
            BlockTrait.Time => WithGaps([.. rows.Where(each => each.Row.Blocks > 0)], spread),
            BlockTrait.Thread => [.. Ordered(rows.Select(each => each.Row))],
            _ => Heaviest(rows.Select(each => each.Row)),
        };

        SpreadRow RowOf(string label, StackUsage usage, long neverFreed)
        {
            var (bytes, blocks) = view.Of(in usage);
            return new SpreadRow(label, blocks, bytes, recording.Facts.IsUntilEnd ? neverFreed : null) { Usage = usage };
        }
    }

    private static string LabelOf(RecordingSummary recording, RecordingSpread spread, int key) => spread.Trait switch
    {
        BlockTrait.Thread => NameOf(recording.Shape.Threads.FirstOrDefault(thread => thread.Index == key, new ThreadUsage(key, 0, "", 0, 0, 0))),
        BlockTrait.Size => RangeOf(key),
        BlockTrait.Time => LabelOf(key, spread.Slice),
        _ => NameOf(key),
    };

    /// <summary>Slices in which nothing was allocated that is asked for.</summary>
    private static IReadOnlyList<SpreadRow> WithGaps(IReadOnlyList<(int Key, SpreadRow Row)> rows, RecordingSpread spread)
    {
        if (rows.Count == 0)
            return [];
        var known = rows.ToDictionary(each => each.Key, each => each.Row);
        return [.. Enumerable.Range(rows[0].Key, rows[^1].Key - rows[0].Key + 1).Select(key => known.GetValueOrDefault(key) ?? new SpreadRow(LabelOf(key, spread.Slice), 0, 0, null))];
    }

    private static IReadOnlyList<SpreadRow> OfWhole(RecordingSummary recording, SpreadKind kind) => kind switch
    {
        SpreadKind.Type => Heaviest(recording.SurvivingTypes.GroupBy(each => each.Type).Select(each =>
            new SpreadRow(each.Key.Length == 0 ? NoObject : each.Key, each.Sum(one => one.Blocks), each.Sum(one => one.Bytes), null))),
        SpreadKind.Thread => Heaviest(recording.Shape.Threads.Select(each => new SpreadRow(NameOf(each), each.Allocations, each.Bytes, each.NeverFreedBytes))),
        SpreadKind.Size => [.. recording.Shape.Sizes.OrderBy(each => each.Exponent).Select(each => new SpreadRow(RangeOf(each.Exponent), each.Allocations, each.Bytes, null))],
        SpreadKind.Time => OverTime(recording.Timeline, recording.Shape.Rates),
        _ => Heaviest(recording.Shape.Domains.Select(each => new SpreadRow(NameOf(each.Domain), each.Allocations, each.Bytes, null))),
    };

    /// <summary>How long slices of time are: nanoseconds, 1, 2 or 5 of a power of ten.</summary>
    public static long SliceOf(long duration)
    {
        const int MostSlices = 20;
        for (long power = 1_000_000; ; power *= 10)
            foreach (var step in (ReadOnlySpan<long>)[power, power * 2, power * 5])
                if (duration <= step * MostSlices || step > long.MaxValue / 100 / MostSlices)
                    return step;
    }

    /// <summary>What came between two moments stands in the slice of the later one: they lie much closer than slices are long.</summary>
    private static IReadOnlyList<SpreadRow> OverTime(IReadOnlyList<TimelinePoint> moments, IReadOnlyList<AllocationRate> rates)
    {
        if (rates.Count == 0 || rates.Count != moments.Count)
            return [];
        var length = SliceOf(moments[^1].Nanoseconds);
        var first = SliceAt(moments[0].Nanoseconds);
        var slices = new (long Blocks, long Bytes)[SliceAt(moments[^1].Nanoseconds) - first + 1];
        for (var i = 0; i < rates.Count; i++)
        {
            ref var slice = ref slices[SliceAt(moments[i].Nanoseconds) - first];
            slice = (slice.Blocks + rates[i].Allocations, slice.Bytes + rates[i].Bytes);
        }
        return [.. slices.Select((slice, index) => new SpreadRow(LabelOf(first + index, length), slice.Blocks, slice.Bytes, null))];

        int SliceAt(long nanoseconds) => (int)(Math.Max(0, nanoseconds - 1) / length);
    }

    /// <summary>"0.5 to 1 s".</summary>
    private static string LabelOf(int slice, long length) =>
        string.Create(CultureInfo.InvariantCulture, $"{slice * length / 1e9:0.###} to {(slice + 1) * length / 1e9:0.###} s");

    private static IReadOnlyList<SpreadRow> Heaviest(IEnumerable<SpreadRow> rows) =>
        [.. Ordered(rows.Where(row => row.Blocks > 0 || row.Bytes > 0))];

    private static IOrderedEnumerable<SpreadRow> Ordered(IEnumerable<SpreadRow> rows) => rows.OrderByDescending(row => row.Bytes).ThenBy(row => row.Label, StringComparer.Ordinal);

    private static string NameOf(ThreadUsage thread) => thread.Name == ThreadUsage.NoThread ? thread.Name :
        string.Create(CultureInfo.InvariantCulture, $"{(thread.Name.Length > 0 ? $"{thread.Index} {thread.Name}" : $"thread {thread.Index}")}{(thread.KernelId > 0 ? $", tid {thread.KernelId}" : "")}");

    /// <summary>"64 to 127".</summary>
    private static string RangeOf(int exponent) => exponent == 0 ? "0 to 1"
        : string.Create(CultureInfo.InvariantCulture, $"{1UL << exponent:N0} to {(exponent == 63 ? ulong.MaxValue : (2UL << exponent) - 1):N0}");

    private static string NameOf(int domain) => (AllocatorDomain)domain switch
    {
        AllocatorDomain.Raw => "PyMem_RawMalloc",
        AllocatorDomain.Mem => "PyMem_Malloc",
        AllocatorDomain.Object => "PyObject_Malloc",
        AllocatorDomain.Native => "malloc, by C code",
        AllocatorDomain.Mapping => "mmap, by C code",
        _ => string.Create(CultureInfo.InvariantCulture, $"allocator {domain}"),
    };
}
