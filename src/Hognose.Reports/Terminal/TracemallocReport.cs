using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>What tracemalloc in a program says is alive: how much, for how long the process stood still, by which lines, what is missing, what to type next.</summary>
public static class TracemallocReport
{
    private const int Indent = 2;

    /// <summary>numpy's arrays (PyTraceMalloc_Track in numpy/core/src/multiarray/alloc.c).</summary>
    private const uint NumpyDomain = 389047;

    /// <param name="subject">As the user named the process: a pid or a core.</param>
    public static void Write(IAnsiConsole console, string subject, TracedHeap answer, RecordingReportOptions options)
    {
        console.WriteLine();
        WriteFigures(console, answer.Recording.Facts);
        ProcessLines.Write(console, answer.Facts);
        WriteSites(console, answer.Recording, options, "Alive now");
        WriteDomains(console, answer.Recording.Facts.Tracemalloc!);
        TroubleLines.Write(console, answer.Facts, answer.Trouble);
        console.WriteLine();
        if (options.FileName is { } file)
            WriteNextOfFile(console, file, options);
        else
            WriteNext(console, Names.ShellWord(subject), answer.Recording.Facts.Tracemalloc!, options);
    }

    /// <summary>Of a recording that was kept.</summary>
    public static void WriteStored(IAnsiConsole console, RecordingSummary recording, RecordingReportOptions options)
    {
        console.WriteLine();
        new ReportHeadline(console).WriteProgram(recording.Facts);
        console.WriteLine();
        WriteFigures(console, recording.Facts);
        if (recording.Facts.LayoutNotice.Length > 0)
            console.Write(new StyledLine().Spaces(Indent).Add(Names.Printable(recording.Facts.LayoutNotice), Palette.Warning));
        WriteSites(console, recording, options, ReportHeadline.EndLabel(recording.Facts));
        if (options.FileName is not { } file)
            return;
        console.WriteLine();
        WriteNextOfFile(console, file, options);
    }

    private static void WriteFigures(IAnsiConsole console, RecordingFacts facts)
    {
        var traced = facts.Tracemalloc!;
        console.Write(new StyledLine().Spaces(Indent)
            .Add($"{Quantities.Bytes(facts.EndBytes)} in {Quantities.Count(facts.EndBlocks, "block")}", Palette.Figure)
            .Add(", as its tracemalloc has it"));
        var rest = string.Join(", ", (string[])[
            .. traced.PeakBytes >= 0 ? [$"at most {Quantities.Bytes(traced.PeakBytes)} so far"] : (string[])[],
            .. traced.Frames > 0 ? [$"{Quantities.Count(traced.Frames, "frame")} kept of each stack"] : (string[])[]]);
        if (rest.Length > 0)
            console.Write(new StyledLine().Spaces(Indent).Add(rest, Palette.Dim));
    }

    private static void WriteSites(IAnsiConsole console, RecordingSummary recording, RecordingReportOptions options, string title) =>
        new SiteSections(console, options).Write(
            title, "Nothing: whatever was traced has been freed.", SiteRanker.Rank(recording, RecordingView.Leaks, options.Grouping, options.Sites));

    private static void WriteDomains(IAnsiConsole console, TracemallocFacts traced)
    {
        var others = traced.Domains.Where(domain => domain.Domain != 0).ToList();
        if (others.Count > 0)
            console.WriteLine();
        foreach (var domain in others)
            console.Write(new StyledLine().Spaces(Indent).Add(
                $"Of it {Quantities.Bytes(domain.Bytes)} in {Quantities.Count(domain.Blocks, "block")} of domain {domain.Domain}"
                + (domain.Domain == NumpyDomain ? " (numpy's arrays)" : " (a library's own)"), Palette.Dim));
    }

    private static void WriteNext(IAnsiConsole console, string subject, TracemallocFacts traced, RecordingReportOptions options)
    {
        NextStep.Write(console, $"hognose tracemalloc {subject} -o FILE.alloc", "keep it, to compare with later");
        if (traced.Frames == 1)
            NextStep.Write(console, $"python -X tracemalloc=25", "started so, a program keeps who called, too: then ask --tree");
        else if (options.Grouping == SiteGrouping.Line)
            NextStep.Write(console, $"hognose tracemalloc {subject} --tree", "through which calls it came");
        NextStep.Write(console, $"hognose attach {subject}", "every allocation from now on");
    }

    private static void WriteNextOfFile(IAnsiConsole console, string file, RecordingReportOptions options)
    {
        var next = options.Grouping == SiteGrouping.Line ? "--by module" : "--by line --sites 30";
        NextStep.WriteListed(console, isFirst: true, $"hognose show {Names.ShellWord(file)} {next}");
    }
}
