using Hognose.Diagnostics;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

/// <summary>Whether there are threads for the copy, asked before the target is touched: .NET aborts where its pool's first one cannot be had.</summary>
internal static class AvailableThreads
{
    /// <summary>Two of the pool, a tracer and one that copies.</summary>
    private const int Needed = 4;

    /// <exception cref="CannotContinueException">There are not.</exception>
    public static void Require(ITarget process)
    {
        using var end = new ManualResetEventSlim();
        var started = new List<Thread>(Needed);
        try
        {
            while (started.Count < Needed)
            {
                var thread = new Thread(() => end.Wait(CancellationToken.None)) { IsBackground = true };
                thread.Start();
                started.Add(thread);
            }
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            throw new CannotContinueException(
                $"a copy of {process.Display} needs {Needed} threads, and the system gives no more threads",
                "raise the limit on them ('ulimit -u', that of the control group), or end others; the target was not touched", failure);
        }
        finally
        {
            end.Set();
            foreach (var thread in started)
                thread.Join();
        }
    }
}
