using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Families;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The blocks of a recording by type, thread, size, allocator or time.</summary>
public static class SpreadReport
{
    /// <param name="console">Where it goes.</param>
    /// <param name="recording">That is told of.</param>
    /// <param name="kind">By what.</param>
    /// <param name="rows">Of the view of <paramref name="options"/>.</param>
    /// <param name="options">Sizes and time are shown whole, as a histogram, whatever number of sites it says.</param>
    public static void Write(IAnsiConsole console, RecordingSummary recording, SpreadKind kind, IReadOnlyList<SpreadRow> rows, RecordingReportOptions options)
    {
        console.WriteLine();
        new ReportHeadline(console).Write(recording);
        WriteRows(console, recording, kind, rows, options);
    }

    /// <summary>The same of all processes together.</summary>
    public static void Write(IAnsiConsole console, RecordedFamily family, SpreadKind kind, IReadOnlyList<SpreadRow> rows, RecordingReportOptions options)
    {
        console.WriteLine();
        FamilyReport.WriteHead(console, family);
        WriteRows(console, family.Together, kind, rows, options);
    }

    private static void WriteRows(IAnsiConsole console, RecordingSummary recording, SpreadKind kind, IReadOnlyList<SpreadRow> rows, RecordingReportOptions options)
    {
        var view = options.View ?? AllocationSpread.DefaultView(kind);
        console.WriteLine();
        var extent = rows.Count == 0 ? RecordingWords.Nothing(view)
            : $"{Quantities.Bytes(rows.Sum(row => row.Bytes))}{(kind == SpreadKind.Type ? "" : $" in {Quantities.Count(rows.Sum(row => row.Blocks), "block")}")}{(recording.Facts.SampleBytes > 0 ? ", estimated from samples" : "")}";
        console.Write(new StyledLine().Spaces(2).Add(Title(kind, view, recording.Facts), Palette.Heading).Spaces(2).Add(extent, Palette.Dim));
        SiteSections.WriteModules(console, options);
        if (recording.Facts is { Part.Length: > 0, Processes: 1 })
            console.Write(new StyledLine().Spaces(2).Add(ReportTotals.PartNote(recording.Facts), Palette.Warning));
        if (rows.Count == 0)
            return;
        var shown = kind is SpreadKind.Size or SpreadKind.Time ? rows.Count : Math.Min(options.Sites, rows.Count);
        new SpreadTable(console, kind, rows, recording.Facts).Write(shown);
        if (rows.Count > shown)
            console.Write(new StyledLine().Spaces(2).Add($"and {Quantities.Count(rows.Count - shown)} more: --sites {rows.Count}", Palette.Dim));
    }

    private static string Title(SpreadKind kind, RecordingView view, RecordingFacts facts) => (kind, view) switch
    {
        (SpreadKind.Time, RecordingView.All) => "Allocated over time",
        (_, RecordingView.All) => $"Allocated in all, by {SpreadTable.NameOf(kind)}",
        (_, RecordingView.Temporary) => $"Freed at once, by {(kind == SpreadKind.Time ? "when it was allocated" : SpreadTable.NameOf(kind))}",
        _ => $"{RecordingWords.Heading(view, ReportHeadline.EndLabel(facts), facts.Processes)}, by {(kind == SpreadKind.Time ? "when it was allocated" : SpreadTable.NameOf(kind))}",
    };
}
