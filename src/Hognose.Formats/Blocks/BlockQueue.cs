using System.Diagnostics;
using System.Globalization;

namespace Hognose.Formats.Blocks;

/// <summary>
/// Blocks that a thread of its own compresses and writes: whoever follows a program must not wait for a disk. Bounded: when all payloads are
/// under way the caller waits, and says meanwhile that it lives.
/// </summary>
internal sealed class BlockQueue : BlockBuilder, IDisposable
{
    private const int Payloads = 6;
    private const int NapMilliseconds = 1;

    /// <summary>The program waits as long, and we at its end: a pipe that nobody reads must stop neither for good.</summary>
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(10);

    private readonly BlockWriter _writer;
    private readonly Stream _file;
    private readonly Action _whileFull;
    private readonly Queue<(BlockType Type, PayloadWriter Payload)> _waiting = new(Payloads);
    private readonly Stack<PayloadWriter> _free = new(Payloads);
    private readonly Thread _thread;
    private readonly TimeSpan _patience;
    private long _lastWritten;
    private bool _isStuck;
    private bool _complete;
    private bool _disposed;

    /// <param name="writer">The thread's alone until <see cref="Complete"/>.</param>
    /// <param name="file">Flushed after each block, so that a reader sees it.</param>
    /// <param name="whileFull">Is called each millisecond while there is no room.</param>
    /// <param name="patience">How long nothing may be written; null: as usual.</param>
    public BlockQueue(BlockWriter writer, Stream file, Action whileFull, TimeSpan? patience = null)
    {
        (_writer, _file, _whileFull, _patience) = (writer, file, whileFull, patience ?? UsualPatience);
        for (var i = 1; i < Payloads; i++)
            _free.Push(new PayloadWriter());
        _thread = new Thread(WriteAll) { IsBackground = true, Name = "blocks" };
        _thread.Start();
    }

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    public Exception? Trouble { get; private set; }

    /// <summary>Nothing is to be written, from the begin.</summary>
    public void Fail(Exception trouble) => Trouble = trouble;

    /// <summary>Bytes of the file up to the last whole block, where the file can tell.</summary>
    public long WholeBytes { get; private set; }

    /// <summary>The thread still writes, and nobody reads: writer and file are its for good.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Waits until all is written, and the writer is the caller's again; or until nothing was written for too long, which is trouble.</summary>
    public void Complete()
    {
        lock (_waiting)
        {
            _complete = true;
            Monitor.Pulse(_waiting);
        }
        var since = Stopwatch.GetTimestamp();
        while (!_thread.Join(NapMilliseconds))
            if (IsStuck(since))
            {
                IsAbandoned = true;
                return;
            }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Complete();
    }

    protected override void HandOn(BlockType type)
    {
        lock (_waiting)
        {
            _waiting.Enqueue((type, Payload));
            Monitor.Pulse(_waiting);
        }
        var since = Stopwatch.GetTimestamp();
        while (!TryTakeFree())
        {
            if (IsStuck(since))
            {
                Payload = new PayloadWriter();
                return;
            }
            _whileFull();
            Thread.Sleep(NapMilliseconds);
        }
    }

    /// <param name="since">When the caller began to wait.</param>
    private bool IsStuck(long since)
    {
        if (_isStuck)
            return true;
        if (Stopwatch.GetElapsedTime(Math.Max(since, Volatile.Read(ref _lastWritten))) < _patience)
            return false;
        _isStuck = true;
        Trouble ??= new IOException(string.Create(CultureInfo.InvariantCulture, $"nothing could be written for {_patience.TotalSeconds:0.#} seconds"));
        return true;
    }

    private bool TryTakeFree()
    {
        lock (_waiting)
        {
            if (!_free.TryPop(out var payload))
                return false;
            Payload = payload;
            return true;
        }
    }

    private void WriteAll()
    {
        while (TryNext(out var type, out var payload))
        {
            if (Trouble is null)
                WriteOne(type, payload);
            Volatile.Write(ref _lastWritten, Stopwatch.GetTimestamp());
            payload.Clear();
            lock (_waiting)
                _free.Push(payload);
        }
    }

    private bool TryNext(out BlockType type, out PayloadWriter payload)
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 && !_complete)
                _ = Monitor.Wait(_waiting);
            (type, payload) = _waiting.Count > 0 ? _waiting.Dequeue() : default;
            return payload is not null;
        }
    }

    private void WriteOne(BlockType type, PayloadWriter payload)
    {
        try
        {
            _writer.Write(type, payload.Written);
            _file.Flush();
            if (_file.CanSeek)
                WholeBytes = _file.Position;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Trouble = trouble;
        }
    }
}
