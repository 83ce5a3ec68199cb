using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>The facts, tagged; a reader skips tags it does not know. Tags are never reused.</summary>
internal static class HeapFactsPayload
{
    private enum Tag
    {
        ToolVersion = 1,
        TakenAtUnixMilliseconds = 2,
        ProcessId = 3,
        ProgramName = 4,
        PythonVersion = 5,
        LayoutVersion = 6,
        Interpreters = 7,
        Threads = 8,
        PauseNanoseconds = 9,
        Stops = 10,
        WasCollecting = 11,
        CopiedBytes = 12,
        Resident = 13,
        PeakResident = 14,
        Anonymous = 15,
        Files = 16,
        Shared = 17,
        Swapped = 18,
        ElapsedNanoseconds = 19,
        HasContents = 20,
        Nodes = 21,
        IsOfCore = 22,
        CoreSignal = 23,
        CorePath = 24,
        CommandLine = 25,
        IsRedacted = 26,
        IsApproximate = 27,
        BirthSampleBytes = 28,
    }

    public static void Write(BlockBuilder blocks, HeapFileFacts facts)
    {
        blocks.Begin(BlockType.Facts);
        var fields = new FieldWriter(blocks.Payload);
        fields.Text((int)Tag.ToolVersion, facts.ToolVersion);
        fields.Count((int)Tag.TakenAtUnixMilliseconds, Math.Max(0, facts.TakenAt.ToUnixTimeMilliseconds()));
        fields.Count((int)Tag.ProcessId, facts.ProcessId);
        fields.Text((int)Tag.ProgramName, facts.ProgramName);
        fields.Text((int)Tag.PythonVersion, facts.PythonVersion);
        fields.Text((int)Tag.LayoutVersion, facts.LayoutVersion);
        fields.Count((int)Tag.Interpreters, facts.Interpreters);
        fields.Count((int)Tag.Threads, facts.Threads);
        fields.Count((int)Tag.PauseNanoseconds, facts.PauseNanoseconds);
        fields.Count((int)Tag.Stops, facts.Stops);
        fields.Count((int)Tag.WasCollecting, facts.WasCollecting ? 1 : 0);
        fields.Count((int)Tag.CopiedBytes, facts.CopiedBytes);
        fields.Count((int)Tag.Resident, facts.Resident);
        fields.Count((int)Tag.PeakResident, facts.PeakResident);
        fields.Count((int)Tag.Anonymous, facts.Anonymous);
        fields.Count((int)Tag.Files, facts.Files);
        fields.Count((int)Tag.Shared, facts.Shared);
        fields.Count((int)Tag.Swapped, facts.Swapped);
        fields.Count((int)Tag.ElapsedNanoseconds, facts.ElapsedNanoseconds);
        fields.Count((int)Tag.HasContents, facts.HasContents ? 1 : 0);
        fields.Count((int)Tag.Nodes, facts.Nodes);
        fields.Count((int)Tag.IsOfCore, facts.IsOfCore ? 1 : 0);
        fields.Count((int)Tag.CoreSignal, facts.CoreSignal);
        fields.Text((int)Tag.CorePath, facts.CorePath);
        fields.Text((int)Tag.CommandLine, facts.CommandLine);
        fields.Count((int)Tag.IsRedacted, facts.IsRedacted ? 1 : 0);
        fields.Count((int)Tag.IsApproximate, facts.IsApproximate ? 1 : 0);
        fields.Count((int)Tag.BirthSampleBytes, facts.BirthSampleBytes);
        blocks.Finish();
    }

    public static HeapFileFacts Read(ref PayloadReader payload)
    {
        // The year 9999, the last that a DateTimeOffset has.
        const long lastMillisecond = 253_402_300_799_999;
        var fields = FieldSet.Read(ref payload);
        var nodes = fields.Int32((int)Tag.Nodes);
        if (nodes > HeapFormat.MaximumNodes)
            throw new MalformedPayloadException($"says that there are {nodes} objects");
        return new HeapFileFacts
        {
            ToolVersion = fields.Text((int)Tag.ToolVersion),
            TakenAt = DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(fields.Count((int)Tag.TakenAtUnixMilliseconds), lastMillisecond)),
            ProcessId = fields.Int32((int)Tag.ProcessId),
            ProgramName = fields.Text((int)Tag.ProgramName),
            PythonVersion = fields.Text((int)Tag.PythonVersion),
            LayoutVersion = fields.Text((int)Tag.LayoutVersion),
            Interpreters = fields.Int32((int)Tag.Interpreters),
            Threads = fields.Int32((int)Tag.Threads),
            PauseNanoseconds = fields.Count((int)Tag.PauseNanoseconds),
            Stops = fields.Int32((int)Tag.Stops),
            WasCollecting = fields.Count((int)Tag.WasCollecting) != 0,
            CopiedBytes = fields.Count((int)Tag.CopiedBytes),
            Resident = fields.Count((int)Tag.Resident),
            PeakResident = fields.Count((int)Tag.PeakResident),
            Anonymous = fields.Count((int)Tag.Anonymous),
            Files = fields.Count((int)Tag.Files),
            Shared = fields.Count((int)Tag.Shared),
            Swapped = fields.Count((int)Tag.Swapped),
            ElapsedNanoseconds = fields.Count((int)Tag.ElapsedNanoseconds),
            HasContents = fields.Count((int)Tag.HasContents) != 0,
            Nodes = nodes,
            IsOfCore = fields.Count((int)Tag.IsOfCore) != 0,
            CoreSignal = fields.Int32((int)Tag.CoreSignal),
            CorePath = fields.Text((int)Tag.CorePath),
            CommandLine = fields.Text((int)Tag.CommandLine),
            IsRedacted = fields.Count((int)Tag.IsRedacted) != 0,
            IsApproximate = fields.Count((int)Tag.IsApproximate) != 0,
            BirthSampleBytes = fields.Count((int)Tag.BirthSampleBytes),
        };
    }
}
