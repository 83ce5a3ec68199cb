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
}

/// <param name="Label">What they have in common.</param>
/// <param name="Blocks">Allocated in all; of types, held at the end.</param>
/// <param name="Bytes">The same.</param>
/// <param name="NeverFreedBytes">Not even by Python's shutdown; null where that is not told.</param>
public sealed record SpreadRow(string Label, long Blocks, long Bytes, long? NeverFreedBytes);

public static class AllocationSpread
{
    /// <summary>Sizes from the smallest up, all else the most bytes first. Empty: the recording does not tell.</summary>
    public static IReadOnlyList<SpreadRow> Of(RecordingSummary recording, SpreadKind kind) => kind switch
    {
        SpreadKind.Type => Heaviest(recording.SurvivingTypes.GroupBy(each => each.Type).Select(each =>
            new SpreadRow(each.Key.Length == 0 ? "(memory that is no object)" : each.Key, each.Sum(one => one.Blocks), each.Sum(one => one.Bytes), null))),
        SpreadKind.Thread => Heaviest(recording.Shape.Threads.Select(each => new SpreadRow(NameOf(each), each.Allocations, each.Bytes, each.NeverFreedBytes))),
        SpreadKind.Size => [.. recording.Shape.Sizes.OrderBy(each => each.Exponent).Select(each => new SpreadRow(RangeOf(each.Exponent), each.Allocations, each.Bytes, null))],
        _ => Heaviest(recording.Shape.Domains.Select(each => new SpreadRow(NameOf(each.Domain), each.Allocations, each.Bytes, null))),
    };

    private static IReadOnlyList<SpreadRow> Heaviest(IEnumerable<SpreadRow> rows) =>
        [.. rows.Where(row => row.Blocks > 0).OrderByDescending(row => row.Bytes).ThenBy(row => row.Label, StringComparer.Ordinal)];

    private static string NameOf(ThreadUsage thread) => thread is { KernelId: 0, Name.Length: 0 } ? "(no Python thread)" :
        string.Create(CultureInfo.InvariantCulture, $"{thread.Index}{(thread.Name.Length > 0 ? $" {thread.Name}" : "")}{(thread.KernelId > 0 ? $" (thread id {thread.KernelId})" : "")}");

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
