using Hognose.Insights.Allocations;

namespace Hognose.Reports.Terminal;

/// <param name="FileName">Where the recording is kept; null when it could not be kept. Named in the next command to type.</param>
/// <param name="CurrentDirectory">Paths below it are shown relative to it.</param>
public sealed record RecordingReportOptions(string? FileName, string CurrentDirectory, int Sites = 10, SiteGrouping Grouping = SiteGrouping.Line)
{
    /// <summary>How a command line names what is shown; null when it could not be kept.</summary>
    public string? Recordings { get; init; } = FileName is null ? null : Names.ShellWord(FileName);

    /// <summary>The options that narrow what is shown to a part of it, as a command line has them; empty: all of it. The next commands repeat them.</summary>
    public string Part { get; init; } = "";

    /// <summary>The one table that is wanted; null: who held most at the high-water mark, and who at the end.</summary>
    public RecordingView? View { get; init; }

    /// <summary>Globs of modules that the tables are limited to; empty: all code.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>The snapshot that stands beside the recording; null when there is none.</summary>
    public string? HeapName { get; init; }

    /// <summary>The command that shows the same view of the same part in another way.</summary>
    /// <param name="way">As <c>--by function</c>.</param>
    internal string ShowAgain(string way)
    {
        var view = View is { } one and not RecordingView.HighWater ? $" --{RecordingWords.Name(one)}" : "";
        return $"hognose show {Recordings}{view}{Part} {way}";
    }
}
