using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Hognose.Cli.Recordings;
using Hognose.Cli.Running;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording;
using Hognose.Recording.Ring;
using Hognose.Targets.Attach;
using Hognose.Targets.Launch;
using AskedFromWithin = Hognose.Insights.Holding.AskedFromWithin;

namespace Hognose.Cli.Commands;

/// <summary>
/// <c>hognose follow</c>, which the package's <c>record</c> starts: makes the region, says on its output where it is, follows what the agent in its
/// parent writes there, and keeps the recording when that stops or the parent has gone.
/// </summary>
internal sealed class FollowCommand : HognoseVerb
{
    private readonly Option<string?> _output = new("--output", "-o");
    private readonly Option<bool> _aggregate = new("--aggregate");
    private readonly Option<bool> _native = new("--native-allocations");
    private readonly Option<bool> _nativeStacks = new("--native-stacks");
    private readonly Option<string?> _sample = SampleArgument.Option();
    private readonly Option<string?> _objects = new("--objects");
    private readonly Option<bool> _noChildren = new("--no-children");
    private readonly Option<string> _name = new("--name") { DefaultValueFactory = _ => "program" };
    private readonly Argument<string[]> _line = new("line") { Arity = ArgumentArity.ZeroOrMore };

    public FollowCommand(Terminal terminal)
        : base("follow", "Record a part of the program that starts this.")
    {
        Hidden = true;
        Options.Add(_output);
        Options.Add(_aggregate);
        Options.Add(_native);
        Options.Add(_nativeStacks);
        Options.Add(_sample);
        Options.Add(_objects);
        Options.Add(_noChildren);
        Options.Add(_name);
        Arguments.Add(_line);
        SetAction(parsed => Follow(parsed, terminal));
    }

    public override string HelpText => """
        hognose follow: records a part of the Python program that starts it; hognose.record() of the package does

        Usage:
          hognose follow [options] -- LINE ...

        Options:
          -o, --output FILE   where to keep the recording (default: hognose-NAME.PID.alloc)
          --name NAME         of the program, for that
          --aggregate         keep totals only, no events
          --native-allocations
                              also what C code allocates itself
          --native-stacks     also the C functions between Python's
          --sample[=BYTES]    only samples, one in BYTES allocated on average
          --objects DIR       look at the heap, too, when asked on stdin; DIR is the package's folder
          --no-children       only this process; else the Pythons that it starts meanwhile, too, each in a file of its own
          -h, --help          show this text

        LINE is the program's command line, as the report is to show it. The first line on stdout is
        "ring PID DESCRIPTOR NONCE", the last ones "kept FILE", and of a snapshot "heap FILE".

        """;

    private int Follow(ParseResult parsed, Terminal terminal)
    {
        var parent = ParentProcessId();
        var line = parsed.GetValue(_line) ?? [];
        var choices = new RecordingChoices(parsed.GetValue(_native), SampleArgument.Parse(parsed, _sample), parsed.GetValue(_nativeStacks));
        var package = parsed.GetValue(_objects) is { } folder ? folder.TrimEnd('/') + "/" : null;
        var (output, name, keepsEvents) = (parsed.GetValue(_output), SnapshotCommand.Safe(parsed.GetValue(_name)!), !parsed.GetValue(_aggregate));
        using var file = RecordingFile.Create(output, name, keepsEvents);
        using var region = SharedMemoryFile.Create("hognose", RingShape.RegionLength);
        var nonce = Random.Shared.NextInt64(1, long.MaxValue);
        using var library = parsed.GetValue(_noChildren) ? null : AgentLibrary.Open();
        using var family = library is null ? null : new FamilyRecording(library, (ulong)nonce, new RecordingName(output, name, keepsEvents), choices, package is not null) { Root = parent };
        RingFormat(region, nonce, choices, family, package is not null);
        // The package could not begin after all, and nothing is kept. A recording that is under way ends with this process, as by any signal.
        var isUnwanted = false;
        RecordingSession? following = null;
        using var unwanted = PosixSignalRegistration.Create(PosixSignal.SIGTERM,
            context => context.Cancel = isUnwanted = following is null || following.State is AgentState.Absent or AgentState.Hello);
        Say(terminal, string.Create(CultureInfo.InvariantCulture, $"ring {Environment.ProcessId} {region.Descriptor} {nonce}"));
        using var resident = new ResidentSize(parent);
        var cpu = new ProcessCpu(parent);
        var layouts = new PythonLayoutSource();
        var started = DateTimeOffset.Now;
        using var session = Session(region, layouts, resident, parent, file.Target(line, started, parent));
        following = session;
        using var end = new ObjectsAtEnd();
        using var requests = new RecorderRequests((ulong)nonce);
        using var input = new StreamReader(Console.OpenStandardInput());
        var objects = package is null ? null : new ObjectsOnRequest(end, session, parent, package, input, words => Say(terminal, words));
        // It ends without asking: os._exit.
        using var held = new HeldHeap(session, end, parent, new SameProgram(parent).IsStillThere, package is null ? null : new AskedFromWithin(package, address: 0));
        objects?.Listen();
        var largest = FollowLoop.UntilStopped(session, () => isUnwanted || ParentProcessId() != parent, () => resident.Bytes, StepOthers);
        if (isUnwanted)
            throw new CannotContinueException("the program did not begin to record", "");
        if (session.Refusal.Length > 0)
            throw new CannotContinueException(session.Refusal, "");
        held.Wait();
        var alone = session.Finish(Facts(line, started, parent, cpu.SinceStart, largest, layouts.Notice));
        var recording = end.Join(family?.Finish(alone) ?? alone, session.LivedAtLook);
        var kept = file.Keep(session, recording);
        Say(terminal, $"kept {kept}");
        if (end.Keep(kept) is { } heap)
            Say(terminal, $"heap {heap}");
        foreach (var trouble in end.Troubles.Concat(family?.Troubles ?? []))
            TroubleText.PrintNotice(terminal.Error, trouble.Message);
        return 0;

        ulong StepOthers()
        {
            objects?.Step();
            held.Step();
            requests.Step(SessionOf, () => [session, .. family?.Sessions ?? []]);
            return family?.Step() ?? 0;
        }

        RecordingSession? SessionOf(int process) => process == parent ? session : family?.SessionOf(process);
    }

    private static unsafe void RingFormat(SharedMemoryFile region, long nonce, RecordingChoices choices, FamilyRecording? family, bool holdsAtTearDown) =>
        RingShape.Format(region.Start, (ulong)nonce, Environment.ProcessId, StackRoom.Whole, holdsAtTearDown, familyDescriptor: family?.Descriptor ?? 0, choices: choices);

    private static unsafe RecordingSession Session(SharedMemoryFile region, PythonLayoutSource layouts, ResidentSize resident, int process, RecordingTarget? target) =>
        new(region.Start, layouts, () => resident.Bytes, new ProgramThreads(process, InterpreterSearch.Of(process)), target, new ProgramSymbols(process));

    private static void Say(Terminal terminal, string line)
    {
        terminal.Output.WriteLine(line);
        terminal.Flush();
    }

    private static ProgramFacts Facts(string[] line, DateTimeOffset started, int process, long cpu, long largest, string layoutNotice) => new(
        ToolVersion: RecordingFile.ToolVersion,
        CommandLine: line,
        StartedAt: started,
        ProcessId: process,
        Ending: ProgramEnding.Unknown,
        EndingCode: 0,
        ProgramCpuNanoseconds: cpu,
        ToolCpuNanoseconds: OwnEnding.CpuNanoseconds(),
        MaximumResidentBytes: largest,
        LayoutNotice: layoutNotice);

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentProcessId();
}
