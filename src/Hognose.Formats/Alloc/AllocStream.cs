using Hognose.Formats.Alloc.Events;
using Hognose.Formats.Alloc.Payloads;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>
/// A recording's file while the recording goes on: names and events as they come, then the summary. Compressing and writing is a thread's of its own;
/// when that meets trouble it goes silent, and <see cref="Trouble"/> says why.
/// </summary>
public sealed class AllocStream : IDisposable
{
    private readonly Stream _file;
    private readonly BlockWriter _writer;
    private readonly BlockQueue _queue;
    private readonly StackNames _names = new();

    /// <param name="file">At its begin; written forwards only. The caller's to close.</param>
    /// <param name="whileFull">Is called each millisecond that a caller has to wait for the disk.</param>
    /// <param name="patience">How long nothing may be written before that is trouble; null: 10 seconds.</param>
    public AllocStream(Stream file, Action whileFull, TimeSpan? patience = null)
    {
        _file = file;
        _writer = new BlockWriter(file);
        _queue = new BlockQueue(_writer, file, whileFull, patience);
        try
        {
            FileHead.Write(file, AllocFormat.Magic, AllocFormat.CurrentVersion);
            file.Flush();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            _queue.Fail(trouble);
        }
    }

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    public Exception? Trouble => _queue.Trouble;

    /// <summary>Length of the file up to the last whole block; 0 for a pipe.</summary>
    public long WholeBytes => _queue.WholeBytes;

    /// <summary>What is known so far; the summary's facts replace it.</summary>
    public void WriteFacts(RecordingFacts facts) => FactsPayload.Write(_queue, facts);

    /// <summary>What is new of them; to be called before the events that name them.</summary>
    public void WriteNames(IReadOnlyList<SourceFrame> frames, IReadOnlyList<int> parentStack, IReadOnlyList<int> innermostFrame) =>
        _names.Write(_queue, frames, parentStack, innermostFrame);

    public void WriteEvents(EventEncoder events)
    {
        _queue.Begin(BlockType.Events);
        events.Take(_queue.Payload);
        _queue.Finish();
    }

    /// <summary>Writes the summary, when all went well until now.</summary>
    /// <param name="recording">What was recorded.</param>
    /// <param name="survivors">By address.</param>
    /// <exception cref="IOException">The disk is full, or whatever the stream says: now or before.</exception>
    public void Finish(RecordingSummary recording, IEnumerable<Survivor> survivors)
    {
        _queue.Dispose();
        if (Trouble is { } trouble)
            throw new IOException(trouble.Message, trouble.HResult);
        AllocWriter.WriteSummary(_writer, _names, recording, survivors);
        _file.Flush();
    }

    public void Dispose()
    {
        _queue.Dispose();
        if (!_queue.IsAbandoned)
            _writer.Dispose();
    }
}
