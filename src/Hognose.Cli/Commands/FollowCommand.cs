using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Hognose.Cli.Recordings;
using Hognose.Cli.Running;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Recording;
using Hognose.Recording.Ring;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Commands;

/// <summary>
/// <c>hognose follow</c>, which the package's <c>record</c> starts: makes the region, says on its output where it is, follows what the agent in its
/// parent writes there, and keeps the recording when that stops or the parent has gone.
/// </summary>
internal sealed class FollowCommand : HognoseVerb
{
    private readonly Option<string> _output = new("--output", "-o") { Required = true };
    private readonly Option<bool> _aggregate = new("--aggregate");
    private readonly Option<bool> _native = new("--native-allocations");
    private readonly Option<bool> _nativeStacks = new("--native-stacks");
    private readonly Option<string?> _sample = SampleArgument.Option();
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
        Arguments.Add(_line);
        SetAction(parsed => Follow(
            parsed.GetValue(_output)!,
            parsed.GetValue(_aggregate),
            new RecordingChoices(parsed.GetValue(_native), SampleArgument.Parse(parsed, _sample), parsed.GetValue(_nativeStacks)),
            parsed.GetValue(_line) ?? [],
            terminal));
    }

    public override string HelpText => """
        hognose follow: records a part of the Python program that starts it; hognose.record() of the package does

        Usage:
          hognose follow --output FILE -- LINE ...

        Options:
          -o, --output FILE   where to keep the recording
          --aggregate         keep totals only, no events
          --native-allocations
                              also what C code allocates itself
          --native-stacks     also the C functions between Python's
          --sample[=BYTES]    only samples, one in BYTES allocated on average
          -h, --help          show this text

        LINE is the program's command line, as the report is to show it. The first line on stdout is
        "ring PID DESCRIPTOR NONCE", the last one "kept FILE".

        """;

    private static int Follow(string output, bool aggregate, RecordingChoices choices, string[] line, Terminal terminal)
    {
        var parent = ParentProcessId();
        using var file = RecordingFile.Create(output, "program", keepsEvents: !aggregate);
        using var region = SharedMemoryFile.Create("hognose", RingShape.RegionLength);
        var nonce = Random.Shared.NextInt64(1, long.MaxValue);
        RingFormat(region, nonce, choices);
        Say(terminal, string.Create(CultureInfo.InvariantCulture, $"ring {Environment.ProcessId} {region.Descriptor} {nonce}"));
        using var resident = new ResidentSize(parent);
        var cpu = new ProcessCpu(parent);
        var layouts = new PythonLayoutSource();
        var started = DateTimeOffset.Now;
        using var session = Session(region, layouts, resident, parent, file.Target(line, started, parent));
        var largest = FollowLoop.UntilStopped(session, () => ParentProcessId() != parent, () => resident.Bytes);
        if (session.Refusal.Length > 0)
            throw new CannotContinueException(session.Refusal, "");
        var name = file.Keep(session, session.Finish(Facts(line, started, parent, cpu.SinceStart, largest, layouts.Notice)));
        Say(terminal, $"kept {name}");
        return 0;
    }

    private static unsafe void RingFormat(SharedMemoryFile region, long nonce, RecordingChoices choices) =>
        RingShape.Format(region.Start, (ulong)nonce, Environment.ProcessId, StackRoom.Whole, choices: choices);

    private static unsafe RecordingSession Session(SharedMemoryFile region, PythonLayoutSource layouts, ResidentSize resident, int process, RecordingTarget? target) =>
        new(region.Start, layouts, () => resident.Bytes, ThreadComm.Of(process), target, new ProgramSymbols(process));

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
