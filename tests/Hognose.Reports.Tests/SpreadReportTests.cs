using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Families;
using Hognose.Reports.Terminal;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

/// <summary>Blocks by thread, size and type, as they are shown.</summary>
public class SpreadReportTests
{
    [Fact]
    public void Threads_are_told_with_what_they_hold_and_leave()
    {
        var recording = WithThreads();
        Assert.Equal(
            """
              Allocated in all, by thread  9.8 KiB in 12 blocks
                 share       bytes   blocks  high water  at the end  never freed  thread
                90.0 %     8.8 KiB        9     4.9 KiB   500 bytes      0 bytes  1 churn, tid 4712
                10.0 %  1000 bytes        3  1000 bytes  1000 bytes    100 bytes  (no Python thread)

            """,
            Rows(recording, SpreadKind.Thread, ReportText.Options));
        // Most of what is left is another's than most of what was ever there.
        Assert.Matches(@"by thread  1\.5 KiB in 4 blocks\n[^\n]+\n +66\.7 % +1000 bytes[^\n]+\(no Python thread\)\n", Rows(recording, SpreadKind.Thread, ReportText.Options with { View = RecordingView.Leaks }));
    }

    [Fact]
    public void A_view_in_which_there_is_nothing_says_so() => Assert.Contains(
        "Freed at once, by size  Nothing: no block was that short-lived.",
        Rows(WithThreads() with { Spread = new RecordingSpread(BlockTrait.Size, 1, []) }, SpreadKind.Size, ReportText.Options with { View = RecordingView.Temporary }),
        StringComparison.Ordinal);

    [Fact]
    public void Types_count_objects_and_their_storage_with_them()
    {
        var recording = new RecordingSketch().Held("f a.py:1", 900, 5, 900, 5).Moment(0, 0, 1).Finish() with
        {
            SurvivingTypes = [new SurvivingType(1, "bytearray", 2, 600), new SurvivingType(1, "list", 0, 200), new SurvivingType(1, "", 2, 100)],
        };
        var text = Rows(recording, SpreadKind.Type, ReportText.Options);
        Assert.Matches(@"Held at the end, by type  900 bytes\n +share +bytes +objects  type\n", text);
        Assert.Matches(@" 66\.7 % +600 bytes +2  bytearray\n", text);
        Assert.Matches(@" 22\.2 % +200 bytes +0  list\n", text);
        Assert.Matches(@" 11\.1 % +100 bytes +\(memory that is no object\)\n", text);

        var report = string.Join(' ', ReportText.Of(recording).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("= 2 bytearray 600 bytes, storage of list 200 bytes, 2 blocks of memory that is no object 100 bytes", report, StringComparison.Ordinal);
        Assert.Contains("Reused memory small lists, dicts, tuples, floats and others that CPython takes from its free lists count for", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_family_is_told_with_its_own_figures()
    {
        var builder = new FamilyBuilder(byProcess: false);
        foreach (var id in (int[])[4711, 4712])
            builder.TryAdd(WithThreads() with { Facts = WithThreads().Facts with { ProcessId = id }, Spread = new RecordingSpread(BlockTrait.Size, 1, [new SpreadUsage(1, 6, new StackUsage { EndBytes = 100, EndBlocks = 1 }, 0)]) }, $"{id}.alloc");
        var family = builder.Build();
        var options = ReportText.Options with { View = RecordingView.Leaks };
        var text = ReportText.Of(100, unicode: false, console => SpreadReport.Write(console, family, SpreadKind.Size, AllocationSpread.Of(family.Together, SpreadKind.Size, RecordingView.Leaks), options));
        Assert.Contains("Each at its own", text, StringComparison.Ordinal);
        Assert.Matches("High-water mark +~ ", text);
        Assert.DoesNotContain("Never freed", text, StringComparison.Ordinal);
        Assert.Matches(@"100\.0 % +200 bytes +2  64 to 127\n", text);
    }

    private static string Rows(RecordingSummary recording, SpreadKind kind, RecordingReportOptions options)
    {
        var view = options.View ?? AllocationSpread.DefaultView(kind);
        var text = ReportText.Of(100, unicode: false, console => SpreadReport.Write(console, recording, kind, AllocationSpread.Of(recording, kind, view), options));
        return text[text.IndexOf($", by {SpreadWord(kind)}", StringComparison.Ordinal)..] is var rest ? text[(text[..^rest.Length].LastIndexOf('\n') + 1)..] : "";
    }

    private static string SpreadWord(SpreadKind kind) => kind.ToString().ToLowerInvariant();

    private static RecordingSummary WithThreads() => new RecordingSketch().Held("f a.py:1", 6000, 6, 1500, 4).Moment(0, 0, 1).Finish() with
    {
        Shape = RecordingShape.Unknown with { Threads = [new ThreadUsage(1, 4712, "churn", 9, 9000, 0), new ThreadUsage(0, 0, ThreadUsage.NoThread, 3, 1000, 100)] },
        Spread = new RecordingSpread(
            BlockTrait.Thread,
            1,
            [
                new SpreadUsage(1, 1, new StackUsage { TotalBytes = 9000, TotalBlocks = 9, PeakBytes = 5000, PeakBlocks = 5, EndBytes = 500, EndBlocks = 1 }, 0),
                new SpreadUsage(1, 0, new StackUsage { TotalBytes = 1000, TotalBlocks = 3, PeakBytes = 1000, PeakBlocks = 3, EndBytes = 1000, EndBlocks = 3 }, 100),
            ]),
    };
}
