using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Cli.Commands;

/// <summary>What <c>show --by</c> takes besides places in the code.</summary>
internal static class SpreadArgument
{
    private static readonly SpreadKind[] Kinds = Enum.GetValues<SpreadKind>();

    public static string[] Names { get; } = [.. Kinds.Select(NameOf)];

    public static SpreadKind? Parse(string name) => Array.FindIndex(Kinds, kind => NameOf(kind) == name) is >= 0 and var index ? Kinds[index] : null;

    /// <exception cref="CannotContinueException">The recording does not tell.</exception>
    public static IReadOnlyList<SpreadRow> Rows(RecordingSummary recording, SpreadKind kind)
    {
        var rows = AllocationSpread.Of(recording, kind);
        return rows.Count > 0 ? rows : throw new CannotContinueException(
            $"this recording does not say which {NameOf(kind)} a block was of",
            kind == SpreadKind.Type ? "record with 'hognose run --objects'" : "ask the whole recording, without --since, --until, --at and --module");
    }

    private static string NameOf(SpreadKind kind) => kind switch
    {
        SpreadKind.Type => "type",
        SpreadKind.Thread => "thread",
        SpreadKind.Size => "size",
        SpreadKind.Time => "time",
        _ => "allocator",
    };
}
