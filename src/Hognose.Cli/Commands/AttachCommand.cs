using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Hognose.CPython.Runtime;
using Hognose.Cli.Attaching;
using Hognose.Cli.Heaps;
using Hognose.Cli.Programs;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording.Ring;
using Hognose.Reports;
using Hognose.Reports.Terminal;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose attach</c>: records a program that runs already, and leaves it as it was.</summary>
internal sealed class AttachCommand : HognoseVerb
{
    private const double LongestDuration = 1_000_000; // Seconds; 11 days.

    private readonly Argument<string> _process = new("pid");
    private readonly Option<string> _output = new("--output", "-o");
    private readonly Option<string> _duration = new("--duration");
    private readonly Option<bool> _native = new("--native-allocations");
    private readonly Option<bool> _nativeStacks = new("--native-stacks");
    private readonly Option<bool> _objects = new("--objects");
    private readonly Option<string?> _sample = SampleArgument.Option();
    private readonly Option<bool> _quiet = new("--quiet", "-q");

    public AttachCommand(Terminal terminal)
        : base("attach", "Record a program that runs already.")
    {
        Arguments.Add(_process);
        foreach (var option in (Option[])[_output, _duration, _objects, _native, _nativeStacks, _sample, _quiet])
            Options.Add(option);
        SetAction(parsed => Attach(parsed, terminal));
    }

    public override string HelpText => """
        hognose attach: record every allocation of a Python program that runs already, from now on

        Usage:
          hognose attach PID [options]

        The program needs no change, no package and no restart. Its main thread is stopped for about a millisecond to load
        the recorder and again to take it off; everything else is recorded as 'hognose run' does. Ctrl-C ends it: the program
        goes on at full speed with the allocators it had, the report goes to stderr and the recording to a file.
        What was allocated before is not in the recording; frees of it are counted apart. Its children are not recorded.

        Options:
          -o, --output FILE   where to keep the recording (default: hognose-NAME.PID.alloc in this directory)
          --duration SEC      leave after so many seconds (default: at Ctrl-C, or when the program ends)
          --objects           before leaving, also look at the heap: what the memory that is left is, by type, and who holds
                              it; keeps a snapshot beside the recording (NAME.heap) that knows of what was allocated
                              meanwhile where that was. The program stands still while it is copied
          --native-allocations
                              also what C code allocates itself (malloc, mmap and their kin), under the line that called it
          --native-stacks     also the C functions between Python's: 'hognose show --tree' and 'hognose export' have them
          --sample[=BYTES]    record only samples, one in BYTES allocated on average (512k when not given; 64k, 1M ...): cheap
                              enough to stay on in production; figures are estimates, shown with their error, and so are
                              types and holders of --objects
          -q, --quiet         no report; the recording is kept all the same
          -h, --help          show this text

        Examples:
          hognose attach 4711
          hognose attach 4711 --duration 30 -o busy.alloc
          hognose attach 4711 --objects --duration 60   then: hognose why hognose-app.4711.heap TYPE
          hognose attach 4711 --sample                  at next to no cost, for hours
          hognose detach 4711                           from another terminal

        Exit status: 0; 2 when the process cannot be attached to. It is not touched then.

        """;

    private int Attach(ParseResult parsed, Terminal terminal)
    {
        var duration = DurationOf(parsed.GetValue(_duration));
        var choices = new RecordingChoices(parsed.GetValue(_native), SampleArgument.Parse(parsed, _sample), parsed.GetValue(_nativeStacks));
        var process = TargetProcess.Open(ProcessArgument.Parse(parsed.GetValue(_process)!));
        RefuseRecorded(process);
        var python = RunningPython.Find(process, Limits.Default, CancellationToken.None);
        var isTracing = !parsed.GetValue(_quiet) && TracedHeapReading.IsTracing(process, python, Limits.Default);
        using var file = RecordingFile.Create(parsed.GetValue(_output), NameOf(process), keepsEvents: true);
        using var wantsEnd = new CancellationTokenSource();
        using var interrupt = End(PosixSignal.SIGINT, wantsEnd);
        using var terminate = End(PosixSignal.SIGTERM, wantsEnd);
        using var hangUp = End(PosixSignal.SIGHUP, wantsEnd);
        using var program = AttachedProgram.Begin(process, python, file, choices, parsed.GetValue(_objects), Limits.Default);
        if (!parsed.GetValue(_quiet))
            Say(terminal, $"attached to {process.Display}, Python {python.Build.Version}; {(duration == TimeSpan.MaxValue ? "" : $"for {duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s, ")}Ctrl-C detaches and reports");
        if (isTracing)
            Say(terminal, $"tracemalloc runs in it: 'hognose tracemalloc {process.Id}' tells what that has traced since it was started");
        program.Follow(duration, wantsEnd.Token);
        program.LookAtObjects();
        if (program.Objects?.Pause is { } pause && !parsed.GetValue(_quiet))
            Say(terminal, $"{process.Display} stood still for {Quantities.Seconds((long)pause.TotalNanoseconds)} while its heap was copied");
        if (!program.End())
            Say(terminal, $"the recorder could not be taken off {process.Display} (it stays in C code, or is stopped): 'hognose detach {process.Id}' does it later");
        var recording = program.Finish();
        return Keep(program, file, recording, parsed, terminal);
    }

    private int Keep(AttachedProgram program, RecordingFile file, RecordingSummary recording, ParseResult parsed, Terminal terminal)
    {
        string? name = null;
        CannotContinueException? lost = null;
        try
        {
            name = program.Keep(file, recording);
        }
        catch (CannotContinueException trouble)
        {
            lost = trouble;
        }
        var heap = program.Objects?.Keep(name);
        if (!parsed.GetValue(_quiet))
            RecordingReport.Write(terminal.ErrorConsole(), recording.OfPython(), new RecordingReportOptions(name, CurrentFolder.Path) { HeapName = heap });
        var status = 0;
        foreach (var trouble in lost is null ? TroublesOf(program) : TroublesOf(program).Append(lost))
            status = TroubleText.Print(terminal.Error, trouble);
        return status;
    }

    private static IEnumerable<CannotContinueException> TroublesOf(AttachedProgram program) => program.Objects switch
    {
        null => [],
        { HasLooked: false } => [new CannotContinueException("its objects were not looked at: it ended by a signal or by os._exit", "end the recording before, by Ctrl-C or --duration")],
        { } objects => objects.Troubles,
    };

    private static void RefuseRecorded(TargetProcess process)
    {
        if (RunningRecording.Find(process, Limits.Default) is not { IsFollowed: true } other)
            return;
        throw other.Origin == RecordingOrigin.Attached
            ? new CannotContinueException($"{process.Display} is attached to already (by pid {other.Tool})", $"'hognose detach {process.Id}' ends that")
            : new CannotContinueException($"{process.Display} is being recorded already (by pid {other.Tool})", "its recording is reported when it ends");
    }

    private static PosixSignalRegistration End(PosixSignal signal, CancellationTokenSource end) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        end.Cancel();
    });

    private static string NameOf(TargetProcess process)
    {
        try
        {
            return PythonLine.Parse([.. AttachedProgram.CommandLineOf(process.Id).Skip(1)]).Name;
        }
        catch (CannotContinueException)
        {
            return "python";
        }
    }

    private static TimeSpan DurationOf(string? text)
    {
        if (text is null)
            return TimeSpan.MaxValue;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestDuration
            ? TimeSpan.FromSeconds(seconds)
            : throw new CannotContinueException($"'{text}' is no duration", "give seconds, as in --duration 30");
    }

    private static void Say(Terminal terminal, string line)
    {
        TroubleText.PrintNotice(terminal.Error, line);
        terminal.Flush();
    }
}
