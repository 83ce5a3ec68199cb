using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Where the recording is, and the next command to type.</summary>
internal sealed class ReportNextSteps(IAnsiConsole console)
{
    public void Write(RecordingSummary recording, RecordingReportOptions options)
    {
        if (options.FileName is not { } file || recording.Facts.Allocations == 0)
            return;
        console.WriteLine();
        var next = options.Grouping == SiteGrouping.Line ? "--by function" : "--by line --sites 30";
        console.Write(new StyledLine().Spaces(2).Add("Next  ", Palette.Dim).Add(options.ShowAgain(next), Palette.Command));
        if (recording.Family.Count > 0 && options.Part.Length == 0)
            console.Write(new StyledLine().Spaces(8).Add($"hognose show {Names.ShellWord(file)} --family", Palette.Command));
        if (recording.Marks.Count > 0 && recording.Facts.KeepsEvents && options.View != RecordingView.Growth)
            console.Write(new StyledLine().Spaces(8).Add($"hognose show {Names.ShellWord(file)} --growth --since {Names.ShellWord(recording.Marks[^1].Name)}", Palette.Command));
        if (options.HeapName is { } heap)
            console.Write(new StyledLine().Spaces(8).Add($"hognose biggest {Names.ShellWord(heap)}", Palette.Command));
    }
}
