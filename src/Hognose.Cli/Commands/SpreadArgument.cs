using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports;

namespace Hognose.Cli.Commands;

/// <summary>What <c>show --by</c> takes besides places in the code.</summary>
internal static class SpreadArgument
{
    private static readonly SpreadKind[] Kinds = Enum.GetValues<SpreadKind>();

    public static string[] Names { get; } = [.. Kinds.Select(NameOf)];

    public static SpreadKind? Parse(string name) => Array.FindIndex(Kinds, kind => NameOf(kind) == name) is >= 0 and var index ? Kinds[index] : null;

    /// <exception cref="CannotContinueException">No recording tells it.</exception>
    public static void Check(SpreadKind kind, RecordingView? view, bool isPart)
    {
        if (kind == SpreadKind.Type && (isPart || view is not (null or RecordingView.Leaks)))
            throw new CannotContinueException(
                "types are known of what was held at the end, all of it", $"leave {(isPart ? "the time and the thread" : $"--{RecordingWords.Name(view!.Value)}")} out, or ask --by size");
    }

    /// <exception cref="CannotContinueException">The recording does not tell.</exception>
    public static IReadOnlyList<SpreadRow> Rows(RecordingSummary recording, SpreadKind kind, RecordingView view)
    {
        var rows = AllocationSpread.Of(recording, kind, view);
        return rows.Count > 0 || recording.Spread is not null ? rows : throw new CannotContinueException(
            $"this recording does not say which {NameOf(kind)} a block was of",
            kind == SpreadKind.Type ? "record with 'hognose run --objects'" : "record with 'hognose run'");
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
