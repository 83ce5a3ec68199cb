using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;
using Hognose.Testing.Recordings;
using Spectre.Console.Testing;

namespace Hognose.Reports.Tests;

/// <summary>What C code allocated belongs to the line of Python that called it, and is said to be C code's.</summary>
public class NativeSiteTests
{
    private static readonly Formats.Alloc.RecordingSummary Recording = new RecordingSketch()
        .Held("main app.py:40 > load app.py:12", 1000, 1)
        .Held("main app.py:40 > load app.py:12 > malloc <native>:0", 3000, 3)
        .Held("main app.py:41 > malloc <native>:0", 2000, 1, 2000, 1)
        .Held("mmap <native>:0", 500, 1)
        .Finish(facts => facts with { NativeAllocations = true });

    [Fact]
    public void A_site_holds_its_own_and_what_C_code_took_for_it()
    {
        var ranking = SiteRanker.Rank(Recording, RecordingView.HighWater, SiteGrouping.Line, 10);

        Assert.Equal(
            [("app.py", 12, 4000, 3000), ("app.py", 41, 2000, 2000), (null, null, 500, 500)],
            ranking.Sites.Select(site => (site.Place?.File, site.Place?.Line, site.Bytes, site.NativeBytes)));
        Assert.Equal(40, Assert.Single(ranking.Sites[0].Callers).Frame.Line);
    }

    [Fact]
    public void The_report_says_how_much_is_C_codes()
    {
        using var console = new TestConsole().Width(120);
        RecordingReport.Write(console, Recording, new RecordingReportOptions("x.alloc", "/"));

        Assert.Contains("75 % by C code", console.Output, StringComparison.Ordinal);
        Assert.Contains("5 allocations of 5.4 KiB; 5.4 KiB at the high-water mark, 2.0 KiB at the end", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_the_source_hold_what_C_code_took()
    {
        var file = Assert.Single(SourceLines.Of(Recording, own: true));

        Assert.Equal([(12, 4000), (41, 2000)], file.Lines.Select(line => (line.Line, line.Allocated)));
    }
}
