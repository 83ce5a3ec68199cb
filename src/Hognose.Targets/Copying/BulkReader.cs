using System.Runtime.ExceptionServices;
using Hognose.Targets.Freezing;
using Hognose.Targets.Memory;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

/// <summary>
/// Copies many runs of pages at the speed of memcpy: few calls with many pieces each, on two threads. The second thread
/// is started before the target is stopped and waits.
/// </summary>
internal sealed unsafe class BulkReader : IDisposable
{
    private const ulong PageSize = 4096;

    /// <summary>A call costs 4 to 5 µs, so from 1 MiB on its cost vanishes; larger batches would let the two threads end unevenly.</summary>
    private const ulong BatchLength = 4 << 20;

    private const int PiecesPerCall = 256;

    private readonly TargetProcess _process;
    private readonly FrozenMemory _memory;
    private readonly CancellationToken _cancellation;

    /// <summary>Of <c>/proc/PID/mem</c>; negative where the process is read by process_vm_readv.</summary>
    private readonly int _file = -1;
    private readonly Thread[] _helpers;
    private readonly SemaphoreSlim _start = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly List<MissingRange> _missing = [];

    private PageRun[] _pieces = [];
    private int[] _batches = [];
    private int _nextBatch;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isDisposed;

    /// <param name="isFork">
    /// Its pages are its parent's, too. process_vm_readv has the kernel copy each of these before it reads it (FAULT_FLAG_UNSHARE, Linux 5.19): twice the
    /// time and twice the memory. Reading <c>/proc/PID/mem</c> takes a page as it is; of pages that are one process's alone it is the slower way.
    /// </param>
    public BulkReader(TargetProcess process, FrozenMemory memory, CancellationToken cancellation, bool isFork = false)
    {
        _process = process;
        _memory = memory;
        _cancellation = cancellation;
        if (isFork)
            _file = ProcFile.Open($"/proc/{process.Id}/mem", LibC.OpenReadOnly, out _);
        _helpers = [.. Enumerable.Range(1, Workers - 1).Select(i => new Thread(Help) { Name = $"hognose-copy-{i}", IsBackground = true })];
        foreach (var helper in _helpers)
            helper.Start();
    }

    /// <summary>Memory bandwidth is used up by two.</summary>
    public static int Workers => Math.Min(2, Environment.ProcessorCount);

    /// <summary>What could not be read in all calls so far.</summary>
    public IReadOnlyList<MissingRange> Missing => _missing;

    /// <returns>Bytes copied.</returns>
    /// <exception cref="Diagnostics.CannotContinueException">The target is gone or forbids it.</exception>
    public ulong Read(IReadOnlyList<PageRun> runs)
    {
        var missingBefore = _missing.Sum(m => (long)m.Length);
        Cut(runs);
        _nextBatch = 0;
        if (_helpers.Length > 0)
            _start.Release(_helpers.Length);
        Work();
        foreach (var _ in _helpers)
            _done.Wait();
        _failure?.Throw();
        return PageRun.TotalLength(_pieces) - (ulong)(_missing.Sum(m => (long)m.Length) - missingBefore);
    }

    public void Dispose()
    {
        _isDisposed = true;
        if (_helpers.Length > 0)
            _start.Release(_helpers.Length);
        foreach (var helper in _helpers)
            helper.Join();
        if (_file >= 0)
            _ = LibC.close(_file);
        _start.Dispose();
        _done.Dispose();
    }

    private void Cut(IReadOnlyList<PageRun> runs)
    {
        var pieces = new List<PageRun>(runs.Count);
        var batches = new List<int> { 0 };
        var inBatch = 0UL;
        foreach (var run in runs)
        {
            for (var low = run.Low; low < run.High;)
            {
                var length = Math.Min(BatchLength - inBatch, run.High - low);
                pieces.Add(new PageRun(low, low + length));
                low += length;
                inBatch += length;
                if (inBatch < BatchLength && pieces.Count - batches[^1] < PiecesPerCall)
                    continue;
                batches.Add(pieces.Count);
                inBatch = 0;
            }
        }
        if (batches[^1] != pieces.Count)
            batches.Add(pieces.Count);
        _pieces = [.. pieces];
        _batches = [.. batches];
    }

    private void Help()
    {
        Haste.Begin();
        while (true)
        {
            _start.Wait(CancellationToken.None);
            if (_isDisposed)
                return;
            Work();
            _done.Release();
        }
    }

    private void Work()
    {
        try
        {
            int batch;
            while ((batch = Interlocked.Increment(ref _nextBatch) - 1) < _batches.Length - 1 && _failure is null)
            {
                _cancellation.ThrowIfCancellationRequested();
                ReadBatch(_pieces.AsSpan(_batches[batch]..(_batches[batch + 1])));
            }
        }
        catch (Exception e)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
        }
    }

    private void ReadBatch(ReadOnlySpan<PageRun> pieces)
    {
        if (_file >= 0 ? TryReadFile(pieces) : TryReadVectors(pieces))
            return;
        foreach (var piece in pieces)
            ReadPatiently(piece);
    }

    private bool TryReadFile(ReadOnlySpan<PageRun> pieces)
    {
        foreach (var piece in pieces)
        {
            var destination = DestinationOf(piece);
            if (destination == null)
                continue;
            for (ulong done = 0; done < piece.Length;)
            {
                var got = LibC.pread(_file, destination + done, (nuint)(piece.Length - done), (long)(piece.Low + done));
                if (got <= 0)
                    return false;
                done += (ulong)got;
            }
        }
        return true;
    }

    private bool TryReadVectors(ReadOnlySpan<PageRun> pieces)
    {
        var local = stackalloc IoVector[PiecesPerCall];
        var remote = stackalloc IoVector[PiecesPerCall];
        var count = 0;
        var wanted = 0UL;
        foreach (var piece in pieces)
        {
            var destination = DestinationOf(piece);
            if (destination == null)
                continue;
            local[count] = new IoVector((nuint)destination, (nuint)piece.Length);
            remote[count++] = new IoVector((nuint)piece.Low, (nuint)piece.Length);
            wanted += piece.Length;
        }
        if (count == 0)
            return true;
        var got = LibC.process_vm_readv(_process.Id, local, (nuint)count, remote, (nuint)count, 0);
        return got >= 0 && (ulong)got == wanted;
    }

    /// <summary>Null, and noted, where the mirror has no room for it.</summary>
    private byte* DestinationOf(PageRun piece)
    {
        var destination = _memory.Translate(piece.Low, piece.Length);
        if (destination == null)
            NoteMissing(piece.Low, piece.High, MissingReason.OutsideWindows);
        return destination;
    }

    /// <summary>After a short read: goes on behind each page that the kernel refuses.</summary>
    private void ReadPatiently(PageRun piece)
    {
        for (var at = piece.Low; at < piece.High;)
        {
            var destination = _memory.Translate(at, piece.High - at);
            if (destination == null)
                return;
            var local = new IoVector((nuint)destination, (nuint)(piece.High - at));
            var remote = new IoVector((nuint)at, (nuint)(piece.High - at));
            var got = LibC.process_vm_readv(_process.Id, &local, 1, &remote, 1, 0);
            if (got > 0)
            {
                at += (ulong)got;
                continue;
            }
            var errno = got < 0 ? Errno.Last : Errno.BadAddress;
            if (errno is Errno.NoSuchProcess or Errno.NotPermitted)
                throw ProcessAccess.Unreadable(_process, _process.ReadStatus(), errno);
            var end = Math.Min((at & ~(PageSize - 1)) + PageSize, piece.High);
            NoteMissing(at, end, MissingReason.Unreadable);
            at = end;
        }
    }

    private void NoteMissing(ulong low, ulong high, MissingReason reason)
    {
        lock (_missing)
            _missing.Add(new MissingRange(new TargetAddress(low), new TargetAddress(high), reason));
    }
}
