using System.Diagnostics;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Heaps;

/// <summary>From the frozen copy that a program made of itself to what <see cref="HeapOfProcess"/> makes of a pid.</summary>
internal static class HeapFromWithin
{
    /// <summary>The copy, which the caller owns; the Python in it; and the facts, which are those of the program.</summary>
    /// <param name="copyId">The frozen copy's pid.</param>
    /// <param name="look">At the program, a moment before.</param>
    /// <param name="pause">For which the program stood still.</param>
    /// <param name="limits">Bounds on what is believed.</param>
    /// <param name="trouble">Receives what could not be read.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CannotContinueException">The copy can't be read, or isn't a Python that we know.</exception>
    public static (MemoryCopy Copy, PythonRuntime Python, Func<HeapFacts> Facts) Copy(
        int copyId, OwnLook look, TimeSpan pause, Limits limits, DiagnosticBag trouble, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var (copy, python, _) = HeapOfProcess.Copy(copyId, CopyWay.Copy, limits, trouble, cancellation);
        return (copy, python, Facts);

        HeapFacts Facts() => HeapOfProcess.FactsOf(look.ProcessId, look.Status.Name, python, copy, limits, Stopwatch.GetElapsedTime(start)) with
        {
            Threads = look.Threads,
            Pause = pause,
            Way = "fork",
            Memory = HeapOfProcess.MemoryOf(look.Status),
        };
    }
}
