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
        console.Write(new StyledLine().Spaces(2).Add("Next  ", Palette.Dim).Add($"hognose show {ShellWord(file)} {next}", Palette.Command));
    }

    // As shells read it back: unquoted when every character is harmless, else in single quotes.
    private static string ShellWord(string word) =>
        word.Length > 0 && word.All(one => char.IsAsciiLetterOrDigit(one) || "/._-+:@%".Contains(one, StringComparison.Ordinal))
            ? word
            : $"'{Names.Printable(word).Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
