using System.Diagnostics;
using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Targets.Copying;
using Hognose.Targets.Cores;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Heaps;

/// <summary>From a core file to what <see cref="HeapOfProcess"/> makes of a pid.</summary>
internal static class HeapOfCore
{
    /// <summary>The copy, which the caller owns; the Python in it; and the facts, whose clock runs until they are asked for.</summary>
    /// <param name="root">A directory that holds the binaries; null for "/".</param>
    /// <param name="look">Looks at the dead process, and may refuse it.</param>
    /// <exception cref="CannotContinueException">It is no core, damaged, or of no Python that we know.</exception>
    public static (MemoryCopy Copy, PythonRuntime Python, Func<HeapFacts> Facts) Copy(
        string path, string? root, Limits limits, DiagnosticBag trouble, CancellationToken cancellation, Action<ITarget, PythonRuntime>? look = null)
    {
        var start = Stopwatch.GetTimestamp();
        using var core = CoreFile.Open(path, root, limits, cancellation);
        try
        {
            var fitted = FindPython(core, limits, trouble, cancellation);
            look?.Invoke(core, fitted);
            HeapOfProcess.NoteMissing(core.Copy.Memory, trouble);
            NoteMissingBinaries(core, trouble);
            return (core.Copy, fitted, () => FactsOf(core, fitted, limits, Stopwatch.GetElapsedTime(start)));
        }
        catch
        {
            core.Copy.Dispose();
            throw;
        }
    }

    private static PythonRuntime FindPython(CoreFile core, Limits limits, DiagnosticBag trouble, CancellationToken cancellation)
    {
        try
        {
            var runtime = RunningPython.Find(core, limits, cancellation);
            return LayoutResolver.Resolve(core.Memory, runtime.Build, limits, trouble);
        }
        catch (CannotContinueException e) when (core.CutOffBytes > 0)
        {
            throw new CannotContinueException($"{e.Message}; {core.CutOffBytes} bytes of the core are cut off", "get a whole copy of it", e);
        }
        catch (CannotContinueException e) when (core.MissingBinaries.Count > 0)
        {
            throw new CannotContinueException(
                $"{e.Message}; {Words(core.MissingBinaries[0])}{Others(core.MissingBinaries.Count - 1)}", Remedy, e);
        }
    }

    private static void NoteMissingBinaries(CoreFile core, DiagnosticBag trouble)
    {
        foreach (var missing in core.MissingBinaries)
            trouble.Add("HG0202", $"{Words(missing)}: names of its types are not in the core; {Remedy}");
    }

    private const string Remedy = "give the directory that holds the process's files with --sysroot DIR";

    private static string Words(MissingBinary missing)
    {
        var build = missing.BuildId.Length > 0 ? $" (build id {missing.BuildId})" : "";
        return missing.OtherBuild ? $"'{missing.Path}'{build} is here in another build only" : $"'{missing.Path}'{build} is not here";
    }

    private static string Others(int count) => count > 0 ? $", nor are {count} others" : "";

    private static HeapFacts FactsOf(CoreFile core, PythonRuntime runtime, Limits limits, TimeSpan elapsed) =>
        HeapOfProcess.FactsOf(core.ProcessId, core.ProgramName, runtime, core.Copy, limits, elapsed) with
        {
            Core = new CoreFacts(core.Path, core.Signal, core.CommandLine),
        };
}
