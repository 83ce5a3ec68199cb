using Hognose.CPython.Layouts;
using Hognose.Diagnostics;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Runtime;

/// <summary>
/// A process's Python with the layout of the nearest table, once it has started and before it goes down. What is read at length is read
/// through the layout that <see cref="Layouts.Validation.LayoutResolver"/> finds once the process stands still or is copied.
/// </summary>
public static class RunningPython
{
    /// <summary>An interpreter is up some 10 ms after its process began; a program that loads for longer has not reached Python yet.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <param name="process">Of which Python is sought.</param>
    /// <param name="limits">On what is believed of it.</param>
    /// <param name="cancellation">Ends the wait for it to start.</param>
    /// <param name="mayShutDown">A shutdown that has only just begun will do.</param>
    /// <exception cref="CannotContinueException">Not Python, not supported, not started, or shutting down.</exception>
    public static PythonRuntime Find(ITarget process, Limits limits, CancellationToken cancellation, bool mayShutDown = false)
    {
        var build = PythonRuntimeFinder.Find(process, limits);
        var runtime = new PythonRuntime(build, LayoutChoice.Select(build.Version).Layout);
        // CPython is no longer "initialized" once it has begun to shut down.
        if (mayShutDown && runtime.IsFinalizing(process.Memory))
            return runtime;
        for (var waited = TimeSpan.Zero; !runtime.IsInitialized(process.Memory); waited += Step)
        {
            if (waited >= LongestStart || !process.IsStillThere())
                throw new CannotContinueException(
                    $"the Python of {process.Display} is not running (not yet initialised, or already ended)",
                    process.IsStillThere() ? "try again" : "there is no heap to read");
            cancellation.WaitHandle.WaitOne(Step);
        }
        return runtime.IsFinalizing(process.Memory)
            ? throw new CannotContinueException($"the Python of {process.Display} is shutting down", "there is little left to read")
            : runtime;
    }
}
