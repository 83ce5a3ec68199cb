using CsCheck;
using Hognose.Formats.Alloc;
using Hognose.Testing.Recordings;

namespace Hognose.Formats.Tests.Alloc;

/// <summary>Recordings to encode: one small by hand, and any number by chance.</summary>
internal static class Recordings
{
    public static RecordingSummary Small() => new RecordingSketch()
        .Held("<module> app.py:40 > load app.py:12", 1_000_000, 10)
        .Held("<module> app.py:40 > load app.py:12 > raw_decode /usr/lib/python3.11/json/decoder.py:353", 5_000_000, 70_000, 64, 2)
        .Stack("", new StackUsage { TotalBytes = 9, TotalBlocks = 1, TemporaryBytes = 9, TemporaryBlocks = 1 })
        .Moment(0, 0.5, 9).Moment(0.4, 6, 15).Moment(1.1, 0.25, -1)
        .Finish(facts => facts with { Waits = 3, WaitedNanoseconds = 12_000, EndingCode = 11, Ending = ProgramEnding.Signalled, TruncatedStacks = 2, EndNanoseconds = 0, SawTearDown = false, NeverFreedBytes = 0, NeverFreedBlocks = 0 });

    public static byte[] Encode(RecordingSummary recording)
    {
        using var file = new MemoryStream();
        AllocWriter.Write(file, recording);
        return file.ToArray();
    }

    public static RecordingSummary Decode(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return AllocReader.Read(stream, "it.alloc");
    }

    // Before Any: static initialisers run in the order of the text.
    private static Gen<StackUsage> Usage { get; } =
        from mask in Gen.Int[0, 255]
        from fields in Gen.Long[0, 1L << 40].Array[8]
        select new StackUsage
        {
            PeakBytes = fields[0] * (mask & 1),
            PeakBlocks = fields[1] * (mask >> 1 & 1),
            EndBytes = fields[2] * (mask >> 2 & 1),
            EndBlocks = fields[3] * (mask >> 3 & 1),
            TotalBytes = fields[4] * (mask >> 4 & 1),
            TotalBlocks = fields[5] * (mask >> 5 & 1),
            TemporaryBytes = fields[6] * (mask >> 6 & 1),
            TemporaryBlocks = fields[7] * (mask >> 7 & 1),
        };

    public static Gen<RecordingSummary> Any { get; } =
        from names in Gen.String[Gen.Char['\u0020', '\u07FF'], 0, 12].Array[1, 20]
        from frames in Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[0, names.Length - 1], Gen.Int[0, 100_000], Gen.Int[0, 1000]).Array[1, 40]
        from stacks in Gen.Select(Gen.Double[0, 1], Gen.Int[0, frames.Length - 1]).Array[0, 200]
        from usage in Usage.Array[stacks.Length + 1]
        from moments in Gen.Select(Gen.Long[0, 1L << 33], Gen.Long[0, 1L << 40], Gen.Long[-1, 1L << 40]).Array[0, 50]
        select Build(names, frames, stacks, usage, moments);

    private static RecordingSummary Build(
        string[] names, (int Function, int File, int Line, int First)[] frames, (double Parent, int Frame)[] stacks, StackUsage[] usage, (long Step, long Heap, long Resident)[] moments)
    {
        var table = new StackTable(
            [.. frames.Select(frame => new SourceFrame(names[frame.Function], names[frame.File], frame.Line, frame.First))],
            [0, .. stacks.Select((stack, index) => (int)(stack.Parent * index))],
            [-1, .. stacks.Select(stack => stack.Frame)]);
        var now = 0L;
        var timeline = moments.Select(moment => new TimelinePoint(now += moment.Step, moment.Heap, moment.Resident)).ToList();
        var facts = RecordingSketch.FactsOf(usage, timeline) with { CommandLine = names, Frees = 7, StoppedBecause = names[0], EndingCode = frames.Length };
        return new RecordingSummary(facts, table, usage, timeline)
        {
            SurvivingTypes = [.. names.Select((name, at) => new SurvivingType(at * (table.Count - 1) / names.Length, name, at, at * 7L))],
            SurvivorHolders = [.. names.Select((name, at) => new SurvivorHolder(at * (table.Count - 1) / names.Length, name, at, at * 9L))],
            Collections = [.. moments.Select((_, at) => new CollectionGroup(at * 11L, at % 3, at, at * 2L, at % 2, at * 13L, at % 2 == 0))],
            Marks = [.. names.Select((name, at) => new RecordingMark(at * 5_000_000_000L, name))],
            Family = [.. names.Select((name, at) => new FamilyMember(at + 1, at, names[..at], DateTimeOffset.FromUnixTimeMilliseconds(at * 977L), at * 3L, at * 5L, at, at - 1, name))],
        };
    }
}
