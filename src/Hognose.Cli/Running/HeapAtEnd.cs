using Hognose.Cli.Heaps;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Running;

/// <summary>The memory of a program at the end of its recording: copied while it stands still, searched when it has gone on.</summary>
internal sealed class HeapAtEnd : IDisposable
{
    private readonly DiagnosticBag _trouble;
    private readonly PythonRuntime _python;
    private readonly Func<HeapFacts> _facts;
    private readonly AskedFromWithin? _within;
    private MemoryCopy? _copy;

    private HeapAtEnd((MemoryCopy Copy, PythonRuntime Python, Func<HeapFacts> Facts) copied, AskedFromWithin? within, DiagnosticBag trouble) =>
        (_copy, _python, _facts, _within, _trouble, Pause) = (copied.Copy, copied.Python, copied.Facts, within, trouble, copied.Copy.Pause);

    /// <summary>Of one that is held before CPython takes it down.</summary>
    /// <param name="processId">Its own.</param>
    /// <param name="within">Takes out what is ours; null: the program did not ask for it itself.</param>
    /// <exception cref="CannotContinueException">It can't be read, or memory for the copy is short.</exception>
    public static HeapAtEnd Copy(int processId, AskedFromWithin? within = null)
    {
        var trouble = new DiagnosticBag();
        return new HeapAtEnd(HeapOfProcess.Copy(processId, CopyWay.Copy, Limits.Default, trouble, CancellationToken.None, readsAccount: true, mayShutDown: true), within, trouble);
    }

    /// <summary>Of one that runs on.</summary>
    /// <param name="processId">Its own.</param>
    /// <param name="atInstant">Called each time that it stands still and may be copied; the last time counts.</param>
    /// <exception cref="CannotContinueException">As of <see cref="Copy"/>.</exception>
    public static HeapAtEnd CopyRunning(int processId, Action atInstant)
    {
        var trouble = new DiagnosticBag();
        return new HeapAtEnd(HeapOfProcess.Copy(processId, CopyWay.BySize, Limits.Default, trouble, CancellationToken.None, readsAccount: true, atInstant: atInstant), within: null, trouble);
    }

    /// <summary>For which the program stood still.</summary>
    public TimeSpan Pause { get; }

    /// <summary>Of one that has made a frozen copy of itself.</summary>
    /// <param name="copyId">Its pid.</param>
    /// <param name="look">At the program, before.</param>
    /// <param name="pause">For which the program stood still.</param>
    /// <param name="within">Takes out what is ours.</param>
    /// <exception cref="CannotContinueException">As of <see cref="Copy"/>.</exception>
    public static HeapAtEnd CopyFrozen(int copyId, OwnLook look, TimeSpan pause, AskedFromWithin within)
    {
        var trouble = new DiagnosticBag();
        return new HeapAtEnd(HeapFromWithin.Copy(copyId, look, pause, Limits.Default, trouble, CancellationToken.None), within, trouble);
    }

    /// <summary>Once; the reading owns the copy from then on.</summary>
    public HeapReading Read()
    {
        var copy = _copy ?? throw new InvalidOperationException("the copy was given away");
        _copy = null;
        return HeapReading.OfCopy(copy, _python, _facts, _within, Limits.Default, _trouble, CancellationToken.None);
    }

    public void Dispose() => _copy?.Dispose();
}
