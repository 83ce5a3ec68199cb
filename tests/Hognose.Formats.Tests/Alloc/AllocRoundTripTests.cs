using CsCheck;
using Hognose.Formats.Alloc;
using Hognose.Formats.Blocks;
using Hognose.Testing.Recordings;

namespace Hognose.Formats.Tests.Alloc;

public class AllocRoundTripTests
{
    [Fact]
    public void A_recording_is_read_as_it_was_written() =>
        Recordings.Any.Sample(
            recording => Assert.Null(RecordingEquality.Difference(recording, Recordings.Decode(Recordings.Encode(recording)))),
            seed: "0N0XIzNsQ0O2",
            iter: 500);

    [Fact]
    public void A_recording_of_nothing_is_read_as_it_was_written()
    {
        var empty = new RecordingSketch().Finish(facts => facts with { PythonVersion = "", CommandLine = [] });
        Assert.Null(RecordingEquality.Difference(empty, Recordings.Decode(Recordings.Encode(empty))));
    }

    [Theory, InlineData(0, -1), InlineData(25, 1L << 40)]
    public void What_tracemalloc_told_is_read_as_it_was_written(int frames, long peak)
    {
        var recording = new RecordingSketch().Held("work x.py:1", 1, 1).Finish(facts => facts with { Tracemalloc = new TracemallocFacts(frames, peak) });
        Assert.Equal(recording.Facts.Tracemalloc, Recordings.Decode(Recordings.Encode(recording)).Facts.Tracemalloc);
    }

    [Fact]
    public void More_entries_than_a_block_holds_go_on_in_the_next()
    {
        var random = new Random(1);
        const int Count = 400_000;
        var table = new StackTable(
            [.. Enumerable.Range(0, Count / 10).Select(i => new SourceFrame($"function_{random.Next():x}", $"/srv/module_{random.Next():x}.py", i, i))],
            [0, .. Enumerable.Range(1, Count - 1).Select(i => random.Next(i))],
            [-1, .. Enumerable.Range(1, Count - 1).Select(_ => random.Next(Count / 10))]);
        var usage = Enumerable.Range(0, Count).Select(_ => new StackUsage { PeakBytes = random.Next(), EndBlocks = random.Next(2) }).ToArray();
        var recording = new RecordingSummary(RecordingSketch.FactsOf(usage, []) with { Frees = 0 }, table, usage, []);
        var file = Recordings.Encode(recording);
        Assert.True(file.Length > 2 * BlockFormat.UsualPayload, "the sample is too small to fill two blocks");
        Assert.Null(RecordingEquality.Difference(recording, Recordings.Decode(file)));
    }

    [Fact]
    public void A_lone_surrogate_and_an_endless_name_do_not_stop_the_writer()
    {
        var recording = new RecordingSketch().Held("odd\udc80 x.py:1", 1, 1).Held(new string('f', 1 << 20) + " y.py:1", 1, 1).Finish();
        var read = Recordings.Decode(Recordings.Encode(recording));
        Assert.Equal("odd\ufffd", read.Stacks.Frames[0].Function);
        Assert.Equal(BlockFormat.MaximumCharacters, read.Stacks.Frames[1].Function.Length);
    }
}
