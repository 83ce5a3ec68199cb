using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Hognose.Diagnostics;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Freezing;

/// <summary>How long a process stood still, from the first thread's interrupt to the last one's release.</summary>
/// <param name="Threads">Threads that stood still, those waiting inside the kernel included.</param>
public readonly record struct FreezeReport(TimeSpan Pause, int Threads);

/// <summary>
/// Holds all threads of a process still while something is read. Whatever ends the work (an exception, a cancellation, the death of our own
/// process), the target goes on: threads are seized without options, so the kernel lets them go with their tracer.
/// </summary>
public static class ProcessFreezer
{
    /// <summary>Runs <paramref name="work"/> on a thread of its own while every thread of the target stands still.</summary>
    /// <exception cref="CannotContinueException">The target ended, is traced by another, or doesn't stop.</exception>
    public static FreezeReport WhileStopped(TargetProcess process, Action work, CancellationToken cancellation)
    {
        using var noTerminalStop = new NoTerminalStop();
        var report = default(FreezeReport);
        ExceptionDispatchInfo? failure = null;
        var tracer = new Thread(() =>
        {
            try
            {
                report = StopAndWork(process, work, cancellation);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        { Name = "hognose-tracer", IsBackground = true };
        tracer.Start();
        tracer.Join();
        failure?.Throw();
        return report;
    }

    private static FreezeReport StopAndWork(TargetProcess process, Action work, CancellationToken cancellation)
    {
        var stopper = new ThreadStopper(process);
        try
        {
            stopper.StopAll(cancellation);
            if (!process.IsStillThere())
                throw ProcessAccess.Ended(process);
            // Not before: the target's threads need the processors to reach their stops.
            Haste.Begin();
            work();
        }
        finally
        {
            stopper.Release();
        }
        var pause = Stopwatch.GetElapsedTime(stopper.FirstInterrupt);
        return new FreezeReport(pause, stopper.Threads.Count(t => t.State != ThreadState.Gone));
    }
}
