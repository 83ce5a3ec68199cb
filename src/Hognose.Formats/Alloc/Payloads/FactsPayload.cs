using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>
/// The facts, each a tag (a number), the length of its value, its value; a reader skips tags it does not know. Tags are never reused.
/// </summary>
internal static class FactsPayload
{
    private enum Tag
    {
        ToolVersion = 1,
        PythonVersion = 2,
        CommandLineArgument = 3, // once an argument, in order
        StartedAtUnixMilliseconds = 4,
        Duration = 5,
        ProcessId = 6,
        Ending = 7,
        EndingCode = 8,
        StoppedBecause = 9,
        Allocations = 10,
        Frees = 11,
        AllocatedBytes = 12,
        TemporaryAllocations = 13,
        PeakBytes = 14,
        PeakBlocks = 15,
        PeakNanoseconds = 16,
        EndBytes = 17,
        EndBlocks = 18,
        UnknownFrees = 19,
        DuplicateAllocations = 20,
        LostEvents = 21,
        Waits = 22,
        WaitedNanoseconds = 23,
        Forks = 24,
        Threads = 25,
        ProgramCpuNanoseconds = 26,
        ToolCpuNanoseconds = 27,
        MaximumResidentBytesPlusOne = 28,
        TruncatedStacks = 29,
        UndescribedCodes = 30,
        EndNanoseconds = 31,
        SawTearDown = 32,
        NeverFreedBytes = 33,
        NeverFreedBlocks = 34,
        LayoutNotice = 35, // absent when empty
        KeepsEvents = 36, // absent when 0
        NativeAllocations = 37, // 1; this and the three that follow are absent when native allocations were not recorded
        NativeUnknownFrees = 38,
        NativeUnseenFrees = 39,
        UnhookedSlots = 40,
        SampleBytes = 41, // absent when every allocation was recorded
        FollowsFamily = 48, // absent when 0
        FamilyId = 49, // this and the next are absent when they are not known
        BeganNanoseconds = 50, // CLOCK_MONOTONIC
        FamilyPeakBytes = 51, // this and the two that follow are absent when there was no other process
        FamilyPeakNanoseconds = 52,
        FamilyPeakProcesses = 53,
        NativeStacks = 56, // 1; this and the next are absent when C frames were not recorded
        CutNativeStacks = 57,
        TracemallocFramesPlusOne = 60, // this and the next are absent unless tracemalloc was read
        TracemallocPeakBytesPlusOne = 61,
    }

    public static void Write(BlockBuilder blocks, RecordingFacts facts)
    {
        blocks.Begin(BlockType.Facts);
        var fields = new FieldWriter(blocks.Payload);
        fields.Text((int)Tag.ToolVersion, facts.ToolVersion);
        fields.Text((int)Tag.PythonVersion, facts.PythonVersion);
        foreach (var argument in facts.CommandLine)
            fields.Text((int)Tag.CommandLineArgument, argument);
        fields.Count((int)Tag.StartedAtUnixMilliseconds, Math.Max(0, facts.StartedAt.ToUnixTimeMilliseconds()));
        fields.Count((int)Tag.Duration, facts.DurationNanoseconds);
        fields.Count((int)Tag.ProcessId, facts.ProcessId);
        fields.Count((int)Tag.Ending, (int)facts.Ending);
        fields.Count((int)Tag.EndingCode, facts.EndingCode);
        fields.Text((int)Tag.StoppedBecause, facts.StoppedBecause);
        if (facts.LayoutNotice.Length > 0)
            fields.Text((int)Tag.LayoutNotice, facts.LayoutNotice);
        if (facts.KeepsEvents)
            fields.Count((int)Tag.KeepsEvents, 1);
        if (facts.SampleBytes > 0)
            fields.Count((int)Tag.SampleBytes, facts.SampleBytes);
        if (facts.FollowsFamily)
            fields.Count((int)Tag.FollowsFamily, 1);
        if (facts.Tracemalloc is { } tracemalloc)
        {
            fields.Count((int)Tag.TracemallocFramesPlusOne, tracemalloc.Frames + 1L);
            fields.Count((int)Tag.TracemallocPeakBytesPlusOne, Math.Max(-1, tracemalloc.PeakBytes) + 1);
        }
        if (facts.FamilyId > 0)
            fields.Count((int)Tag.FamilyId, facts.FamilyId);
        if (facts.BeganNanoseconds > 0)
            fields.Count((int)Tag.BeganNanoseconds, facts.BeganNanoseconds);
        if (facts.FamilyPeakBytes > 0)
        {
            fields.Count((int)Tag.FamilyPeakBytes, facts.FamilyPeakBytes);
            fields.Count((int)Tag.FamilyPeakNanoseconds, facts.FamilyPeakNanoseconds);
            fields.Count((int)Tag.FamilyPeakProcesses, facts.FamilyPeakProcesses);
        }
        if (facts.NativeStacks)
        {
            fields.Count((int)Tag.NativeStacks, 1);
            fields.Count((int)Tag.CutNativeStacks, facts.CutNativeStacks);
        }
        WriteTotals(fields, facts);
        if (facts.NativeAllocations)
            WriteNative(fields, facts);
        WriteCosts(fields, facts);
        blocks.Finish();
    }

    public static RecordingFacts Read(ref PayloadReader payload)
    {
        var fields = FieldSet.Read(ref payload);
        return new RecordingFacts
        {
            ToolVersion = fields.Text((int)Tag.ToolVersion),
            PythonVersion = fields.Text((int)Tag.PythonVersion),
            CommandLine = fields.Texts((int)Tag.CommandLineArgument),
            StartedAt = MomentOf(fields.Count((int)Tag.StartedAtUnixMilliseconds)),
            DurationNanoseconds = fields.Count((int)Tag.Duration),
            ProcessId = fields.Int32((int)Tag.ProcessId),
            Ending = (ProgramEnding)fields.Int32((int)Tag.Ending),
            EndingCode = fields.Int32((int)Tag.EndingCode),
            StoppedBecause = fields.Text((int)Tag.StoppedBecause),
            Allocations = fields.Count((int)Tag.Allocations),
            Frees = fields.Count((int)Tag.Frees),
            AllocatedBytes = fields.Count((int)Tag.AllocatedBytes),
            TemporaryAllocations = fields.Count((int)Tag.TemporaryAllocations),
            PeakBytes = fields.Count((int)Tag.PeakBytes),
            PeakBlocks = fields.Count((int)Tag.PeakBlocks),
            PeakNanoseconds = fields.Count((int)Tag.PeakNanoseconds),
            EndBytes = fields.Count((int)Tag.EndBytes),
            EndBlocks = fields.Count((int)Tag.EndBlocks),
            EndNanoseconds = fields.Count((int)Tag.EndNanoseconds),
            SawTearDown = fields.Count((int)Tag.SawTearDown) != 0,
            NeverFreedBytes = fields.Count((int)Tag.NeverFreedBytes),
            NeverFreedBlocks = fields.Count((int)Tag.NeverFreedBlocks),
            LayoutNotice = fields.Text((int)Tag.LayoutNotice),
            SampleBytes = fields.Count((int)Tag.SampleBytes),
            UnknownFrees = fields.Count((int)Tag.UnknownFrees),
            NativeAllocations = fields.Count((int)Tag.NativeAllocations) != 0,
            NativeUnknownFrees = fields.Count((int)Tag.NativeUnknownFrees),
            NativeUnseenFrees = fields.Count((int)Tag.NativeUnseenFrees),
            UnhookedSlots = fields.Count((int)Tag.UnhookedSlots),
            NativeStacks = fields.Count((int)Tag.NativeStacks) != 0,
            CutNativeStacks = fields.Count((int)Tag.CutNativeStacks),
            DuplicateAllocations = fields.Count((int)Tag.DuplicateAllocations),
            LostEvents = fields.Count((int)Tag.LostEvents),
            Waits = fields.Count((int)Tag.Waits),
            WaitedNanoseconds = fields.Count((int)Tag.WaitedNanoseconds),
            Forks = fields.Count((int)Tag.Forks),
            TruncatedStacks = fields.Count((int)Tag.TruncatedStacks),
            UndescribedCodes = fields.Count((int)Tag.UndescribedCodes),
            Threads = fields.Int32((int)Tag.Threads),
            ProgramCpuNanoseconds = fields.Count((int)Tag.ProgramCpuNanoseconds),
            ToolCpuNanoseconds = fields.Count((int)Tag.ToolCpuNanoseconds),
            MaximumResidentBytes = fields.Count((int)Tag.MaximumResidentBytesPlusOne) - 1,
            KeepsEvents = fields.Count((int)Tag.KeepsEvents) != 0,
            FollowsFamily = fields.Count((int)Tag.FollowsFamily) != 0,
            Tracemalloc = fields.Int32((int)Tag.TracemallocFramesPlusOne) is > 0 and var frames
                ? new TracemallocFacts(frames - 1, fields.Count((int)Tag.TracemallocPeakBytesPlusOne) - 1)
                : null,
            FamilyId = fields.Count((int)Tag.FamilyId),
            BeganNanoseconds = fields.Count((int)Tag.BeganNanoseconds),
            FamilyPeakBytes = fields.Count((int)Tag.FamilyPeakBytes),
            FamilyPeakNanoseconds = fields.Count((int)Tag.FamilyPeakNanoseconds),
            FamilyPeakProcesses = fields.Count((int)Tag.FamilyPeakProcesses),
        };
    }

    private static void WriteTotals(FieldWriter fields, RecordingFacts facts)
    {
        fields.Count((int)Tag.Allocations, facts.Allocations);
        fields.Count((int)Tag.Frees, facts.Frees);
        fields.Count((int)Tag.AllocatedBytes, facts.AllocatedBytes);
        fields.Count((int)Tag.TemporaryAllocations, facts.TemporaryAllocations);
        fields.Count((int)Tag.PeakBytes, facts.PeakBytes);
        fields.Count((int)Tag.PeakBlocks, facts.PeakBlocks);
        fields.Count((int)Tag.PeakNanoseconds, facts.PeakNanoseconds);
        fields.Count((int)Tag.EndBytes, facts.EndBytes);
        fields.Count((int)Tag.EndBlocks, facts.EndBlocks);
        fields.Count((int)Tag.EndNanoseconds, facts.EndNanoseconds);
        fields.Count((int)Tag.SawTearDown, facts.SawTearDown ? 1 : 0);
        fields.Count((int)Tag.NeverFreedBytes, facts.NeverFreedBytes);
        fields.Count((int)Tag.NeverFreedBlocks, facts.NeverFreedBlocks);
        fields.Count((int)Tag.UnknownFrees, facts.UnknownFrees);
        fields.Count((int)Tag.DuplicateAllocations, facts.DuplicateAllocations);
        fields.Count((int)Tag.LostEvents, facts.LostEvents);
        fields.Count((int)Tag.TruncatedStacks, facts.TruncatedStacks);
        fields.Count((int)Tag.UndescribedCodes, facts.UndescribedCodes);
    }

    private static void WriteNative(FieldWriter fields, RecordingFacts facts)
    {
        fields.Count((int)Tag.NativeAllocations, 1);
        fields.Count((int)Tag.NativeUnknownFrees, facts.NativeUnknownFrees);
        fields.Count((int)Tag.NativeUnseenFrees, facts.NativeUnseenFrees);
        fields.Count((int)Tag.UnhookedSlots, facts.UnhookedSlots);
    }

    private static void WriteCosts(FieldWriter fields, RecordingFacts facts)
    {
        fields.Count((int)Tag.Waits, facts.Waits);
        fields.Count((int)Tag.WaitedNanoseconds, facts.WaitedNanoseconds);
        fields.Count((int)Tag.Forks, facts.Forks);
        fields.Count((int)Tag.Threads, facts.Threads);
        fields.Count((int)Tag.ProgramCpuNanoseconds, facts.ProgramCpuNanoseconds);
        fields.Count((int)Tag.ToolCpuNanoseconds, facts.ToolCpuNanoseconds);
        fields.Count((int)Tag.MaximumResidentBytesPlusOne, Math.Max(-1, facts.MaximumResidentBytes) + 1);
    }

    private static DateTimeOffset MomentOf(long milliseconds) =>
        milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new MalformedPayloadException("goes beyond the end of time");
}
