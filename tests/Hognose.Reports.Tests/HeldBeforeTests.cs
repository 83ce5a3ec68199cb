using System.IO.Compression;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Comparisons;
using Hognose.Reports.Pprof;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

/// <summary>In a window, a stack may hold what it allocated before it, and allocate nothing.</summary>
public class HeldBeforeTests
{
    private static readonly StackUsage HeldBefore = new() { PeakBytes = 1000, PeakBlocks = 1, EndBytes = 600, EndBlocks = 1 };

    private static RecordingSummary Window(bool withEarly) => new RecordingSketch()
        .Held("late /srv/app.py:9", 20, 2)
        .Stack("early /srv/app.py:3", withEarly ? HeldBefore : default)
        .Stack("", withEarly ? HeldBefore : default)
        .Finish();

    [Fact]
    public void A_site_that_held_since_before_the_window_is_the_one_that_grew()
    {
        foreach (var grouping in Enum.GetValues<SiteGrouping>())
        {
            var comparison = RecordingComparison.Of(Window(withEarly: false), Window(withEarly: true), RecordingView.HighWater, grouping);
            Assert.Equal(2000, comparison.After(RecordingView.HighWater).Bytes - comparison.Before(RecordingView.HighWater).Bytes);
            Assert.Equal(2000, comparison.Sites.Sum(site => site.Growth(RecordingView.HighWater).Bytes));
        }
        var early = RecordingComparison.Of(Window(withEarly: false), Window(withEarly: true), RecordingView.Leaks, SiteGrouping.Line).Sites.Single(site => site.After?.Function == "early");
        Assert.Equal((true, false, 600), (early.IsNew, early.IsGone, early.Growth(RecordingView.Leaks).Bytes));
    }

    [Fact]
    public void Pprof_has_its_sample()
    {
        var (without, with) = (Samples(Window(withEarly: false)), Samples(Window(withEarly: true)));
        Assert.Equal((1, 3), (without, with));

        static int Samples(RecordingSummary recording)
        {
            using var file = new MemoryStream();
            PprofProfile.Write(file, recording, RecordingView.HighWater);
            file.Position = 0;
            using var profile = new MemoryStream();
            using (var zipped = new GZipStream(file, CompressionMode.Decompress))
                zipped.CopyTo(profile);
            return FieldsOf(profile.ToArray(), number: 2);
        }
    }

    [Fact]
    public void Its_line_and_its_module_are_there()
    {
        var line = Assert.Single(SourceLines.Of(Window(withEarly: true), own: true).Single().Lines, line => line.Line == 3);
        Assert.Equal((0, 1000, 600), (line.Allocated, line.AtPeak, line.Net));
        Assert.Equal(["app"], ModuleFilter.Modules(new RecordingSketch().Stack("early /srv/app.py:3", HeldBefore).Finish()));
    }

    /// <summary>Counts fields of one number: all of a profile's that matter here are numbers or have a length.</summary>
    private static int FieldsOf(ReadOnlySpan<byte> message, int number)
    {
        var count = 0;
        for (var at = 0; at < message.Length;)
        {
            var key = Number(message, ref at);
            var value = Number(message, ref at);
            at += (key & 7) == 2 ? (int)value : 0;
            count += key >> 3 == (ulong)number ? 1 : 0;
        }
        return count;
    }

    private static ulong Number(ReadOnlySpan<byte> message, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            value |= (message[at] & 0x7Ful) << shift;
            if (message[at++] < 0x80)
                return value;
        }
    }
}
