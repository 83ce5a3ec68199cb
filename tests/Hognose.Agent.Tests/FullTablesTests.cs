using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Recording.Ring;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Hognose.Testing;
using Spectre.Console.Testing;

namespace Hognose.Agent.Tests;

/// <summary>More stacks or more code than there is room for: no allocation is lost, and what is less exact is counted and said.</summary>
public class FullTablesTests
{
    /// <summary>300 functions of names and lines of their own, each with 20 lines that keep a block of 2,000 bytes and more.</summary>
    private const string ManyPlaces = """
        kept = []
        for number in range(300):
            scope = {"kept": kept}
            body = "".join("\n    kept.append(bytearray(2000))" for line in range(20))
            exec(compile("def function_%d():%s\nfunction_%d()" % (number, body, number), "<made %d>" % number, "exec"), scope)
        assert len(kept) == 6000
        """;

    private const int Kept = 6000;

    /// <summary>The data itself: PyByteArray_Resize asks for one byte more than it needs for the zero at its end.</summary>
    private const int BytesOfEach = 2001;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_full_trie_counts_what_it_cannot_name_at_the_nearest_caller(string name)
    {
        var python = Interpreters.Find(name);
        var small = StackRoom.Whole with { Nodes = 4000 };

        var recording = SmallRoom.Record(python, ManyPlaces, small);

        MustBeWhole(recording);
        Assert.InRange(recording.Stacks.Count, 1000, (int)small.Nodes);
        Assert.True(recording.Facts.TruncatedStacks >= 1000, $"{recording.Facts.TruncatedStacks} times");
        Assert.Equal(0, recording.Facts.UndescribedCodes);
        Assert.Contains($"found the agent's table full {recording.Facts.TruncatedStacks:N0} times: counted at its nearest known caller", Report(recording), StringComparison.Ordinal);
        Assert.Equal(recording.Facts.TruncatedStacks, Json(recording, "truncated_stacks"));
        Assert.Equal(0, SmallRoom.Record(python, ManyPlaces, StackRoom.Whole).Facts.TruncatedStacks);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_full_code_area_shows_functions_as_unknown(string name)
    {
        var python = Interpreters.Find(name);
        var small = StackRoom.Whole with { CodeBytes = 60_000 };

        var recording = SmallRoom.Record(python, ManyPlaces, small);

        MustBeWhole(recording);
        Assert.InRange(recording.Facts.UndescribedCodes, 100, 10_000);
        Assert.Equal(0, recording.Facts.TruncatedStacks);
        Assert.Contains(recording.Stacks.Frames, frame => frame is { File: "?", Function: "?" });
        Assert.Contains($"{recording.Facts.UndescribedCodes:N0} functions too many for the agent's table: shown as ?", Report(recording), StringComparison.Ordinal);
        Assert.Equal(recording.Facts.UndescribedCodes, Json(recording, "undescribed_functions"));
        Assert.Equal(0, SmallRoom.Record(python, ManyPlaces, StackRoom.Whole).Facts.UndescribedCodes);
    }

    private static void MustBeWhole(RecordingSummary recording)
    {
        var facts = recording.Facts;
        Assert.Equal(("", 0, 0), (facts.StoppedBecause, facts.LostEvents, facts.DuplicateAllocations));
        Assert.Equal(facts.Allocations, recording.Usage.Sum(usage => usage.TotalBlocks));
        Assert.Equal(facts.AllocatedBytes, recording.Usage.Sum(usage => usage.TotalBytes));
        Assert.True(facts.EndBytes > Kept * BytesOfEach, $"{facts.EndBytes} bytes at the end");
    }

    private static string Report(RecordingSummary recording)
    {
        using var console = new TestConsole().Width(160);
        RecordingReport.Write(console, recording, new RecordingReportOptions("x.alloc", "/"));
        return console.Output;
    }

    private static long Json(RecordingSummary recording, string field)
    {
        using var text = new StringWriter();
        RecordingJson.Write(text, recording, new RecordingReportOptions("x.alloc", "/"));
        using var json = JsonDocument.Parse(text.ToString());
        return json.RootElement.GetProperty("recorder").GetProperty(field).GetInt64();
    }
}
