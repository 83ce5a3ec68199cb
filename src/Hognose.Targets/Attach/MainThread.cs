using System.Diagnostics;
using Hognose.Diagnostics;
using Hognose.Targets.Freezing;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Attach;

/// <summary>
/// The main thread of a process, stopped for some microseconds at a time while all others run on. One instance lives on one OS thread, its tracer;
/// whatever that leaves stopped, the kernel lets go when it ends.
/// </summary>
internal sealed class MainThread(TargetProcess process, CallInstructions code, Mapping stack)
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMilliseconds(16);

    /// <summary>A test's (<see cref="InjectedCall"/>).</summary>
    internal Func<CallStep, bool>? DiesAt { get; init; }

    public InjectedCall Call(byte[] data) =>
        new(process.Id, process.Id, code, stack.Low.Value, stack.High.Value) { Data = data, DiesAt = DiesAt };

    public InjectedFunction Function() => new(process.Id, process.Id, code, stack.Low.Value, stack.High.Value) { DiesAt = DiesAt };

    /// <summary>Stops the thread again and again until <paramref name="use"/> says that it is done, or for as long as <paramref name="patience"/>.</summary>
    /// <param name="use">With the thread stopped plainly, and its registers.</param>
    /// <exception cref="CannotContinueException">The process ended, or is traced by another.</exception>
    public bool Try(TimeSpan patience, Func<ThreadRegisters, bool> use)
    {
        var start = Stopwatch.GetTimestamp();
        for (var tries = 0; Stopwatch.GetElapsedTime(start) < patience; tries++)
        {
            if (tries > 0)
                Thread.Sleep(TimeSpan.FromMilliseconds(Math.Min(LongestBreak.TotalMilliseconds, 1 << Math.Min(tries / 8, 8))));
            Stop();
            if (!PtraceCalls.TryWait(process.Id, LongestStop, out var status) || !status.IsStopped)
                throw process.IsStillThere()
                    ? new CannotContinueException($"{process.Display} does not stop (its main thread is inside the kernel, or gone)", "try again")
                    : ProcessAccess.Ended(process);
            var isDone = status.SignalUnderWay == 0 && PtraceRegisters.IsPlainlyStopped(process.Id)
                && PtraceRegisters.TryGet(process.Id, out var registers) && use(registers);
            _ = PtraceCalls.Detach(process.Id, status.SignalUnderWay);
            if (isDone)
                return true;
        }
        return false;
    }

    private void Stop()
    {
        var errno = PtraceCalls.Seize(process.Id);
        if (errno == 0)
            errno = PtraceCalls.Interrupt(process.Id);
        if (errno == 0)
            return;
        if (!process.IsStillThere())
            throw ProcessAccess.Ended(process);
        var status = process.ReadStatus();
        throw status.Tracer != 0
            ? new CannotContinueException($"{process.Display} is already traced by pid {status.Tracer}", "detach that debugger first")
            : ProcessAccess.Unreadable(process, status, errno);
    }
}
