using System.Diagnostics;
using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Heaps;

/// <summary>From a pid to a copy of its memory: find the Python, stop the process, copy.</summary>
internal static class HeapOfProcess
{
    /// <summary>At a program that runs on meanwhile.</summary>
    private const int MostLooks = 3;

    /// <summary>The copy, which the caller owns; the Python in it; and the facts, whose clock runs until they are asked for.</summary>
    /// <param name="atInstant">Called while the process stands still, each time that it may be copied; the last time counts.</param>
    /// <param name="look">Looks at the running process before it is stopped, and may refuse it.</param>
    /// <exception cref="CannotContinueException">The process can't be read, or isn't a Python that we know.</exception>
    public static (MemoryCopy Copy, PythonRuntime Python, Func<HeapFacts> Facts) Copy(
        int processId, CopyWay way, Limits limits, DiagnosticBag trouble, CancellationToken cancellation, bool readsAccount = false, bool mayShutDown = false,
        Action<ITarget, PythonRuntime>? look = null, Action? atInstant = null)
    {
        var start = Stopwatch.GetTimestamp();
        var process = TargetProcess.Open(processId);
        var runtime = RunningPython.Find(process, limits, cancellation, mayShutDown);
        look?.Invoke(process, runtime);
        var options = new CopyOptions
        {
            Way = way,
            Limits = limits,
            ReadsAccount = readsAccount,
            IsSuitableInstant = IsSuitable,
        };
        var (copy, fitted) = CopyThatFits(process, runtime, options, trouble, mayShutDown, cancellation);
        NoteMissing(copy.Memory, trouble);
        NoteFork(copy, way, trouble);
        return (copy, fitted, () => FactsOf(process.Id, process.Name, fitted, copy, limits, Stopwatch.GetElapsedTime(start)) with
        {
            Way = copy.Way switch { CopyWay.Fork => "fork", CopyWay.Running => "running", _ => "copy" },
            NotForked = copy.NoForkReason,
            IsApproximate = copy.Way == CopyWay.Running,
        });

        bool IsSuitable(IMemoryReader memory)
        {
            atInstant?.Invoke();
            // One that is held does not go on with its collection either.
            return mayShutDown || !runtime.IsCollecting(memory, limits);
        }
    }

    /// <summary>
    /// What runs on while it is copied may change in the middle of a look, or end: then it is looked at again, and whoever is going down is told to be.
    /// </summary>
    private static (MemoryCopy Copy, PythonRuntime Python) CopyThatFits(
        TargetProcess process, PythonRuntime runtime, CopyOptions options, DiagnosticBag trouble, bool mayShutDown, CancellationToken cancellation)
    {
        for (var looks = 1; ; looks++)
        {
            var copy = MemoryCopier.Copy(process, options, cancellation);
            try
            {
                return (copy, LayoutResolver.Resolve(copy.Memory, runtime.Build, options.Limits, trouble));
            }
            catch (CannotContinueException) when (copy.Way == CopyWay.Running)
            {
                copy.Dispose();
                process.RequireStillThere();
                _ = RunningPython.Find(process, options.Limits, cancellation, mayShutDown);
                if (looks == MostLooks)
                    throw;
            }
            catch
            {
                copy.Dispose();
                throw;
            }
        }
    }

    public static void NoteMissing(FrozenMemory memory, DiagnosticBag trouble)
    {
        foreach (var range in memory.Missing)
            trouble.Add("HG0201", $"{range.Length} bytes at {range.Low}: {Words(range.Reason)}");
    }

    /// <summary>Who did not ask for a fork is told with the pause why there was none.</summary>
    private static void NoteFork(MemoryCopy copy, CopyWay way, DiagnosticBag trouble)
    {
        if (way == CopyWay.Fork && copy.NoForkReason is { } reason)
            trouble.Add("HG0303", $"the process was copied while it stood still, not forked: {reason}");
        if (copy.LeftZombie)
            trouble.Add("HG0304", "the process was forked, and what is left of the child (a zombie) stays until the process ends");
    }

    private static string Words(MissingReason reason) => reason switch
    {
        MissingReason.Unreadable => "the kernel refused to read them",
        MissingReason.OutsideWindows => "mapped while the copy began",
        MissingReason.NotInCore => "the core leaves them out",
        MissingReason.CutOff => "the core ends before them",
        MissingReason.FileNotOpened => "of a file that could not be opened",
        _ => "beyond what is copied of read-only files",
    };

    public static HeapFacts FactsOf(int processId, string name, PythonRuntime runtime, MemoryCopy copy, Limits limits, TimeSpan elapsed)
    {
        var version = runtime.Build.Version;
        return new HeapFacts(
            processId,
            name,
            runtime.Build.IsMicroKnown ? version.ToString() : $"{version.Major}.{version.Minor}",
            runtime.Layout.Version.ToString(),
            runtime.ReadInterpreters(copy.Memory, limits).Count,
            copy.Threads,
            copy.Pause,
            copy.Stops,
            !copy.WasSuitableInstant,
            (long)copy.CopiedBytes,
            MemoryOf(copy.Status),
            elapsed);
    }

    public static ProcessMemory MemoryOf(ProcStatus status) => new(
        (long)status.ResidentBytes,
        (long)status.PeakResidentBytes,
        (long)status.ResidentAnonymousBytes,
        (long)status.ResidentFileBytes,
        (long)status.ResidentSharedBytes,
        (long)status.SwappedBytes);
}
