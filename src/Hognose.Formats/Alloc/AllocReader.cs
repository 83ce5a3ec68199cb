using Hognose.Diagnostics;
using Hognose.Formats.Alloc.Events;
using Hognose.Formats.Alloc.Payloads;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>What a file held beside its events.</summary>
/// <param name="Facts">Of a file that was cut off: what was known at its begin, without totals.</param>
/// <param name="Stacks">As far as they were told.</param>
/// <param name="Stored">The summary; null when the file has no end.</param>
/// <param name="WholeBytes">How far the file is whole.</param>
public sealed record AllocContents(RecordingFacts Facts, StackTable Stacks, RecordingSummary? Stored, long WholeBytes);

/// <summary>Decodes <c>*.alloc</c>, format 1. The file may hold anything; what comes out is consistent.</summary>
public static class AllocReader
{
    /// <param name="file">Read forwards only.</param>
    /// <param name="fileName">For messages.</param>
    /// <exception cref="CannotContinueException">Empty, cut short, damaged, of another version, or no recording at all.</exception>
    public static RecordingSummary Read(Stream file, string fileName)
    {
        var contents = Open(file, fileName);
        return contents.Stored ?? throw new CannotContinueException($"'{fileName}' ends early, at byte {contents.WholeBytes}: it was cut short, or hognose was killed while it wrote", AllocFormat.Words.Remedy);
    }

    /// <summary>As <see cref="Read"/>; of a file with events that has no end, what there is.</summary>
    public static AllocContents Open(Stream file, string fileName)
    {
        var nothing = default(NoSink);
        return ReadAll(file, fileName, events: null, ref nothing, static _ => { });
    }

    /// <summary>As <see cref="Open"/>, with the events from the first on.</summary>
    /// <param name="file">Read forwards only.</param>
    /// <param name="fileName">For messages.</param>
    /// <param name="sink">Gets the events, until it wants no more or the whole blocks of the file end.</param>
    /// <param name="progress">Is told the bytes read so far.</param>
    public static AllocContents Replay<TSink>(Stream file, string fileName, ref TSink sink, Action<long> progress)
        where TSink : struct, IEventSink => ReadAll(file, fileName, new EventDecoder(), ref sink, progress);

    /// <summary>As <see cref="Read"/>, with the blocks that lived at its end, by address.</summary>
    /// <param name="file">Read forwards only.</param>
    /// <param name="fileName">For messages.</param>
    /// <exception cref="CannotContinueException">As above.</exception>
    public static (RecordingSummary Recording, IReadOnlyList<Survivor> Live) ReadLive(Stream file, string fileName)
    {
        var nothing = default(NoSink);
        var live = new List<Survivor>();
        var contents = ReadAll(file, fileName, events: null, ref nothing, static _ => { }, live);
        return (contents.Stored ?? throw new CannotContinueException($"'{fileName}' ends early, at byte {contents.WholeBytes}", AllocFormat.Words.Remedy), live);
    }

    private static AllocContents ReadAll<TSink>(Stream file, string fileName, EventDecoder? events, ref TSink sink, Action<long> progress, List<Survivor>? live = null)
        where TSink : struct, IEventSink
    {
        FileHead.Check(file, fileName, AllocFormat.Magic, AllocFormat.CurrentVersion, AllocFormat.Words);
        using var blocks = new BlockReader(file, fileName, AllocFormat.Words);
        var recording = new RecordingBuilder { Live = live };
        var whole = (long)BlockFormat.HeadLength;
        try
        {
            while (ReadBlock(blocks, recording, ref events, ref sink))
                progress(whole = blocks.Position);
            blocks.ExpectEndOfFile();
            var summary = recording.ToSummary();
            return new AllocContents(summary.Facts, summary.Stacks, summary, blocks.Position);
        }
        catch (MalformedPayloadException malformed)
        {
            throw blocks.Damaged(malformed.Message);
        }
        catch (CutShortException) when (recording.Facts is { KeepsEvents: true })
        {
            return recording.ToPart(whole);
        }
    }

    /// <returns>false after the end block.</returns>
    private static bool ReadBlock<TSink>(BlockReader blocks, RecordingBuilder recording, ref EventDecoder? events, ref TSink sink)
        where TSink : struct, IEventSink
    {
        var stored = blocks.NextStored(out var type);
        if ((type == BlockType.Live && recording.Live is null) || (type == BlockType.Events && events is null))
            return true; // Not unpacked; its checksum held.
        var bytes = blocks.Unpack(stored);
        if (type == BlockType.Events)
        {
            if (recording.Facts is null)
                throw new MalformedPayloadException("tells events before facts");
            if (!events!.Decode(bytes, recording.Stacks.ParentStack.Count, ref sink))
                events = null;
            return true;
        }
        var payload = new PayloadReader(bytes);
        switch (type)
        {
            case BlockType.Facts: ReadFacts(ref payload, recording, ref sink); break;
            case BlockType.Strings: StringsPayload.Read(ref payload, recording.Stacks.Strings); break;
            case BlockType.Frames: FramesPayload.Read(ref payload, recording.Stacks); break;
            case BlockType.Stacks: StacksPayload.Read(ref payload, recording.Stacks); break;
            case BlockType.SurvivingTypes: SurvivorsPayload.ReadTypes(ref payload, recording); break;
            case BlockType.SurvivorHolders: SurvivorsPayload.ReadHolders(ref payload, recording); break;
            case BlockType.Live: LivePayload.Read(ref payload, recording.Stacks.ParentStack.Count, recording.Live!); break;
            case BlockType.Usage: UsagePayload.Read(ref payload, recording); break;
            case BlockType.Variances: VariancesPayload.Read(ref payload, recording); break;
            case BlockType.Timeline: TimelinePayload.Read(ref payload, recording.Timeline); break;
            case BlockType.Threads: ShapePayloads.ReadThreads(ref payload, recording.Threads); break;
            case BlockType.Shapes: ShapePayloads.ReadShapes(ref payload, recording.Sizes, recording.Domains); break;
            case BlockType.Rates: ShapePayloads.ReadRates(ref payload, recording.Rates); break;
            case BlockType.Family: FamilyPayload.Read(ref payload, recording.Family); break;
            case BlockType.Collections: CollectionsPayload.Read(ref payload, recording.Collections); break;
            case BlockType.Marks: MarksPayload.Read(ref payload, recording.Marks); break;
            case BlockType.End:
                EndPayload.Read(ref payload).Verify(recording, blocks);
                return false;
            default: break; // Of a later minor addition: skipped, its checksum held.
        }
        return true;
    }

    /// <summary>Those at the begin of a file with events are followed by others at its end.</summary>
    private static void ReadFacts<TSink>(ref PayloadReader payload, RecordingBuilder recording, ref TSink sink)
        where TSink : struct, IEventSink
    {
        var isBegin = recording.Facts is null;
        recording.Facts = FactsPayload.Read(ref payload);
        if (isBegin)
            sink.Begin(recording.Facts);
    }

    /// <summary>For who wants no events.</summary>
    private struct NoSink : IEventSink
    {
        public readonly void Begin(RecordingFacts facts) { }
        public readonly bool Moment(long now) => false;
        public readonly void Allocate(in EventBlock block) { }
        public readonly void Free(in EventBlock block, uint allocationsSince) { }
        public readonly void Temporary(in EventBlock block) { }
        public readonly void UnknownFree(bool isNative) { }
        public readonly void Cut(in EventBlock block, long left, long right) { }
        public readonly void Move(in EventBlock block) { }
        public readonly void MoveFailed(in EventBlock block) { }
        public readonly void UnknownMoveFailed(bool isNative) { }
        public readonly void Replace(in EventBlock block, bool isNative) { }
        public readonly void Fork() { }
        public readonly void TearDown() { }
        public readonly void Resident(long bytes) { }
        public readonly void NameThread(int index, long kernelId, string name) { }
        public readonly void Mark(string name) { }
        public readonly void NoMore(string reason) { }
    }
}
