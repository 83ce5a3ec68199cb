using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Collections;
using Hognose.Recording;
using Hognose.Recording.Ring;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Running;

/// <summary>A program that ran to its end, and what was recorded of it.</summary>
/// <param name="Recording">The report's figures.</param>
/// <param name="Exit">How it ended.</param>
/// <param name="File">Where the recording is; null when not all of it could be written.</param>
/// <param name="HeapName">The snapshot beside it; null when there is none.</param>
/// <param name="Troubles">Why a file is not whole, or the heap was not looked at.</param>
/// <param name="FamilyTroubles">The same of the processes that it started.</param>
internal sealed record ProgramRunResult(
    RecordingSummary Recording, ProgramExit Exit, string? File, string? HeapName, IReadOnlyList<CannotContinueException> Troubles,
    IReadOnlyList<CannotContinueException> FamilyTroubles);

/// <summary>Launches a Python program with the agent inside and follows it until it ends.</summary>
internal static unsafe class ProgramRun
{
    /// <param name="python">The interpreter's path.</param>
    /// <param name="arguments">All that follows the interpreter, as the recording names it.</param>
    /// <param name="words">The whole line, the interpreter included, as the kernel gets it.</param>
    /// <param name="file">Gets the recording.</param>
    /// <param name="choices">What to record.</param>
    /// <param name="looksAtObjects">The heap of each process is copied before CPython takes it down.</param>
    /// <param name="familyNames">Where the recordings of processes that it starts go; null: they are not recorded.</param>
    /// <exception cref="CannotContinueException">It could not be started, or this interpreter is not served.</exception>
    public static ProgramRunResult Run(
        string python, IReadOnlyList<string> arguments, IReadOnlyList<byte[]> words, RecordingFile file, RecordingChoices choices, bool looksAtObjects,
        RecordingName? familyNames)
    {
        using var region = SharedMemoryFile.Create("hognose", RingShape.RegionLength);
        using var library = AgentLibrary.Open();
        var nonce = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        using var family = familyNames is null ? null : new FamilyRecording(library, nonce, familyNames, choices, looksAtObjects);
        RingShape.Format(region.Start, nonce, Environment.ProcessId, StackRoom.Whole, looksAtObjects, family?.Descriptor ?? 0, choices);
        using var signals = new SignalForwarding();
        var started = DateTimeOffset.Now;
        var program = ProgramLauncher.Launch(
            new LaunchRequest(python, words, nonce), region, library);
        signals.Begin(program);
        using var resident = new ResidentSize(program.ProcessId);
        var layouts = new PythonLayoutSource();
        var target = file.Target([python, .. arguments], started, program.ProcessId);
        var search = InterpreterSearch.Of(program.ProcessId);
        using var session = new RecordingSession(region.Start, layouts, () => resident.Bytes, new ProgramThreads(program.ProcessId, search), target, new ProgramSymbols(program.ProcessId));
        using var end = new ObjectsAtEnd();
        using var requests = new RecorderRequests(nonce);
        var collector = new CollectionsWatch(search);
        if (family is not null)
            (family.Root, family.RootCollector) = (program.ProcessId, collector);
        // Here and not beside the loop, as for its children: mostly it is the last of all, and 0.12 s a GB.
        var exit = FollowLoop.UntilEnd(session, program, () => end.Copy(() => HeapAtEnd.Copy(program.ProcessId)), StepOthers);
        signals.End();
        if (session.Refusal.Length > 0)
            throw new CannotContinueException(session.Refusal, "");
        var facts = Facts([python, .. arguments], started, program, exit, layouts.Notice);
        var alone = session.Finish(facts) with { Collections = collector.Collections };
        var recording = end.Join(family?.Finish(alone) ?? alone, session.LivedAtLook);
        var name = end.Try(() => file.Keep(session, recording));
        return new ProgramRunResult(recording, exit, name, end.Keep(name), end.Troubles, family?.Troubles ?? []);

        ulong StepOthers()
        {
            collector.Step(CollectorReading.None, session.Events);
            requests.Step(SessionOf, () => [session, .. family?.Sessions ?? []]);
            return family?.Step() ?? 0;
        }

        RecordingSession? SessionOf(int process) => process == program.ProcessId ? session : family?.SessionOf(process);
    }

    private static ProgramFacts Facts(IReadOnlyList<string> commandLine, DateTimeOffset started, LaunchedProgram program, ProgramExit exit, string layoutNotice) => new(
        ToolVersion: RecordingFile.ToolVersion,
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
