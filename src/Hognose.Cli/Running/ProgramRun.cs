using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Recording;
using Hognose.Recording.Ring;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Running;

/// <summary>A program that ran to its end, and what was recorded of it.</summary>
internal sealed record ProgramRunResult(RecordingSummary Recording, ProgramExit Exit) : IDisposable
{
    /// <summary>Null unless it was asked for, and the program came to the end of its code.</summary>
    public HeapAtEnd? Heap { get; init; }

    /// <summary>Why it could not be copied, when it could not.</summary>
    public CannotContinueException? HeapTrouble { get; init; }

    /// <summary>The blocks that lived when the heap was copied.</summary>
    public LiveBlocks? Survivors { get; init; }

    public void Dispose() => Heap?.Dispose();
}

/// <summary>Launches a Python program with the agent inside and follows it until it ends.</summary>
internal static unsafe class ProgramRun
{
    /// <param name="python">The interpreter's path.</param>
    /// <param name="arguments">All that follows the interpreter, as the recording names it.</param>
    /// <param name="words">The whole line, the interpreter included, as the kernel gets it.</param>
    /// <param name="looksAtObjects">The heap is copied before CPython takes it down.</param>
    /// <exception cref="CannotContinueException">It could not be started, or this interpreter is not served.</exception>
    public static ProgramRunResult Run(string python, IReadOnlyList<string> arguments, IReadOnlyList<byte[]> words, bool looksAtObjects)
    {
        using var region = SharedMemoryFile.Create("hognose", RingShape.RegionLength);
        using var library = AgentLibrary.Open();
        var nonce = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        RingShape.Format(region.Start, nonce, Environment.ProcessId, StackRoom.Whole, looksAtObjects);
        using var signals = new SignalForwarding();
        var started = DateTimeOffset.Now;
        var program = ProgramLauncher.Launch(
            new LaunchRequest(python, words, nonce), region, library);
        signals.Begin(program);
        using var resident = new ResidentSize(program.ProcessId);
        var layouts = new PythonLayoutSource();
        using var session = new RecordingSession(region.Start, layouts, () => resident.Bytes);
        HeapAtEnd? heap = null;
        CannotContinueException? heapTrouble = null;
        var exit = FollowLoop.UntilEnd(session, program, CopyHeap);
        signals.End();
        if (session.Refusal.Length > 0)
            throw new CannotContinueException(session.Refusal, "");
        var facts = Facts([python, .. arguments], started, program, exit, layouts.Notice);
        return new ProgramRunResult(session.Finish(facts), exit) { Heap = heap, HeapTrouble = heapTrouble, Survivors = session.Survivors };

        void CopyHeap()
        {
            try
            {
                heap = HeapAtEnd.Copy(program.ProcessId);
            }
            catch (CannotContinueException trouble)
            {
                heapTrouble = trouble;
            }
        }
    }

    private static ProgramFacts Facts(IReadOnlyList<string> commandLine, DateTimeOffset started, LaunchedProgram program, ProgramExit exit, string layoutNotice) => new(
        ToolVersion: typeof(ProgramRun).Assembly.GetName().Version?.ToString(3) ?? "",
        CommandLine: commandLine,
        StartedAt: started,
        ProcessId: program.ProcessId,
        Ending: exit.Signal != 0 ? ProgramEnding.Signalled : ProgramEnding.Exited,
        EndingCode: exit.Signal != 0 ? exit.Signal : exit.ExitStatus,
        ProgramCpuNanoseconds: exit.CpuNanoseconds,
        ToolCpuNanoseconds: OwnEnding.CpuNanoseconds(),
        MaximumResidentBytes: exit.MaximumResidentBytes,
        LayoutNotice: layoutNotice);
}
