using System.Globalization;
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
        NextStep.WriteListed(console, isFirst: true, options.ShowAgain(next));
        if (recording.Family.Count > 0 && options.Part.Length == 0)
            NextStep.WriteListed(console, isFirst: false, $"hognose show {Names.ShellWord(file)} --family");
        if (recording.Marks.Count > 0 && recording.Facts.KeepsEvents && options.View != RecordingView.Growth)
            NextStep.WriteListed(console, isFirst: false, $"hognose show {Names.ShellWord(file)} --growth --since {Names.ShellWord(recording.Marks[^1].Name)}");
        if (options.HeapName is { } heap)
            NextStep.WriteListed(console, isFirst: false, $"hognose biggest {Names.ShellWord(heap)}");
        if (OutsideMemory.Of(recording) > 0)
            NextStep.WriteListed(console, isFirst: false, AgainWithNative(recording.Facts), "what C code allocates itself");
    }

    private static string AgainWithNative(RecordingFacts facts) => facts.Ending == ProgramEnding.Unknown
        ? string.Create(CultureInfo.InvariantCulture, $"hognose attach {facts.ProcessId} --native-allocations")
        : $"hognose run --native-allocations {string.Join(' ', facts.CommandLine.Skip(1).Select(Names.ShellWord))}";
}
