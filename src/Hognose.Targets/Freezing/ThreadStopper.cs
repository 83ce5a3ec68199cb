using System.Diagnostics;
using Hognose.Diagnostics;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Freezing;

/// <summary>
/// Stops every thread of a process and lets them go. ptrace belongs to the calling OS thread, so one instance lives on one dedicated thread;
/// when that thread ends, whatever <see cref="Release"/> could not detach is detached by the kernel (kernel/ptrace.c, exit_ptrace).
/// </summary>
internal sealed class ThreadStopper(TargetProcess process)
{
    /// <summary>A thread that has not stopped by then is inside the kernel (a vfork, a slow disk).</summary>
    private static readonly TimeSpan UsualWait = TimeSpan.FromMilliseconds(100);

    /// <summary>A running thread stops as soon as it is scheduled; a machine so busy that this takes longer is one to leave alone.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly Dictionary<int, StoppedThread> _threads = [];
    private int _pending;

    /// <summary>Of CLOCK_MONOTONIC, in <see cref="Stopwatch"/> ticks; 0 until a thread was interrupted.</summary>
    public long FirstInterrupt { get; private set; }

    /// <summary>A process that is traced, too, and stays stopped.</summary>
    public int Spared { get; set; }

    public IReadOnlyCollection<StoppedThread> Threads => _threads.Values;

    /// <summary>Threads may be born until all known ones stand still, so it goes round until a listing shows no new one.</summary>
    /// <exception cref="CannotContinueException">Another tracer, no permission, or a thread that doesn't stop.</exception>
    public void StopAll(CancellationToken cancellation)
    {
        using var ended = new EndedThreads();
        while (InterruptNewThreads(ended) > 0)
            WaitForPending(cancellation);
        if (!_threads.Values.Any(t => t.State is ThreadState.Stopped or ThreadState.InKernel))
            throw ProcessAccess.Ended(process);
    }

    /// <summary>Lets every thread go on as it was: stopped by a signal stays stopped, a signal caught half-way is delivered.</summary>
    public void Release()
    {
        while (PtraceCalls.Poll(out var status) is > 0 and var threadId)
            Note(threadId, status);
        foreach (var thread in _threads.Values)
            if (thread.State == ThreadState.Stopped && thread.Id != Spared)
                _ = PtraceCalls.Detach(thread.Id, thread.SignalUnderWay);
    }

    private int InterruptNewThreads(EndedThreads ended)
    {
        var fresh = 0;
        foreach (var threadId in process.ReadThreads())
        {
            if (_threads.ContainsKey(threadId))
                continue;
            var thread = new StoppedThread(threadId);
            _threads.Add(threadId, thread);
            thread.State = Seize(threadId) ? ThreadState.Pending : ThreadState.Gone;
            if (thread.State == ThreadState.Gone)
                continue;
            ended.Add(threadId);
            fresh++;
            _pending++;
            if (FirstInterrupt == 0)
                FirstInterrupt = Stopwatch.GetTimestamp();
            _ = PtraceCalls.Interrupt(threadId);
        }
        return fresh;
    }

    private bool Seize(int threadId)
    {
        var errno = PtraceCalls.Seize(threadId);
        if (errno == 0)
            return true;
        if (errno == Errno.NoSuchProcess
            || !ProcFile.TryRead($"/proc/{process.Id}/task/{threadId}/status", out var text, out _))
            return false;
        var status = ProcStatus.Parse(text);
        if (status.State is 'Z' or 'X')
            return false;
        throw status.Tracer != 0
            ? new CannotContinueException(
                $"{process.Display} is already traced by pid {status.Tracer}", "detach that debugger first")
            : errno == Errno.NotPermitted
                ? ProcessAccess.Unreadable(process, status, errno)
                : new CannotContinueException(
                    $"thread {threadId} of {process.Display} cannot be stopped ({Errno.Describe(errno)})", "");
    }

    private void WaitForPending(CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var spins = 0;
        while (_pending > 0)
        {
            var threadId = PtraceCalls.Poll(out var status);
            if (threadId > 0)
            {
                Note(threadId, status);
                continue;
            }
            cancellation.ThrowIfCancellationRequested();
            if (spins % 16 == 0 || spins > 50)
                AskPending();
            var waited = Stopwatch.GetElapsedTime(start);
            if (threadId < 0 || waited > UsualWait)
                SettlePending(waited, nothingTraced: threadId < 0);
            Pause(spins++);
        }
    }

    /// <summary>The target's threads need the processors to reach their stop: yield first, then sleep in short steps.</summary>
    private static void Pause(int spins)
    {
        if (spins < 50)
            Thread.Yield();
        else
            Thread.Sleep(1);
    }

    private void Note(int threadId, WaitStatus status)
    {
        if (!_threads.TryGetValue(threadId, out var thread))
            _threads.Add(threadId, thread = new StoppedThread(threadId));
        if (thread.State == ThreadState.Pending)
            _pending--;
        thread.State = status.IsStopped ? ThreadState.Stopped : ThreadState.Gone;
        thread.SignalUnderWay = status.SignalUnderWay;
    }

    private void AskPending()
    {
        foreach (var thread in _threads.Values)
        {
            if (thread.State != ThreadState.Pending || !PtraceCalls.IsStopped(thread.Id, out var signal))
                continue;
            thread.State = ThreadState.Stopped;
            thread.SignalUnderWay = signal;
            _pending--;
        }
    }

    /// <summary>
    /// A thread in uninterruptible sleep with an interrupt pending will trap before its next instruction in user space, so it can't change
    /// the heap: it counts as standing still. One that ended without our hearing of it (exec by another thread) is dropped.
    /// </summary>
    private void SettlePending(TimeSpan waited, bool nothingTraced)
    {
        foreach (var thread in _threads.Values.Where(t => t.State == ThreadState.Pending))
        {
            var state = ReadState(thread.Id);
            if (nothingTraced || state is 'Z' or 'X' or '\0')
                thread.State = ThreadState.Gone;
            else if (state == 'D')
                thread.State = ThreadState.InKernel;
            else if (waited > LongestWait)
                throw new CannotContinueException(
                    $"thread {thread.Id} of {process.Display} did not stop within {LongestWait.TotalSeconds:0} s (state {state})",
                    "try again when the machine is less busy");
        }
        _pending = _threads.Values.Count(t => t.State == ThreadState.Pending);
    }

    private char ReadState(int threadId) =>
        ProcFile.TryRead($"/proc/{process.Id}/task/{threadId}/status", out var text, out _) ? ProcStatus.Parse(text).State : '\0';
}
