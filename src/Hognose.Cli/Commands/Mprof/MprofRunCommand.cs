using System.CommandLine;
using System.Globalization;
using Hognose.Cli.Sampling;
using Hognose.Diagnostics;
using Hognose.Formats.Mprof;
using Hognose.Targets.Launch;
using Hognose.Targets.Sampling;

namespace Hognose.Cli.Commands.Mprof;

/// <summary><c>hognose mprof run</c> and <c>attach</c>: samples a program's memory into a .dat file.</summary>
internal sealed class MprofRunCommand : MprofVerb
{
    private const double LongestInterval = 1_000_000; // Seconds; 11 days.
    private static readonly TimeSpan TimeoutOfAttach = TimeSpan.FromHours(1);

    private readonly Option<bool> _python = new("--python");
    private readonly Option<bool> _noPython = new("--nopython");
    private readonly Option<string> _interval = new("--interval", "-T") { DefaultValueFactory = _ => "0.1" };
    private readonly Option<bool> _includeChildren = new("--include-children", "-C");
    private readonly Option<bool> _multiprocess = new("--multiprocess", "-M");
    private readonly Option<bool> _exitCode = new("--exit-code", "-E");
    private readonly Option<bool> _attach = new("--attach", "-a");
    private readonly Option<int?> _timeout = new("--timeout", "-t");
    private readonly Option<string> _output = new("--output", "-o");
    private readonly Option<string> _backend = new("--backend") { DefaultValueFactory = _ => "psutil" };
    private readonly Argument<string[]> _program = new("program") { Arity = ArgumentArity.ZeroOrMore };
    private readonly bool _attaches;

    public MprofRunCommand(Terminal terminal, bool attaches)
        : base(attaches ? "attach" : "run", attaches ? "Sample a running program." : "Run a program and sample its memory.")
    {
        _attaches = attaches;
        _backend.AcceptOnlyFromAmong("psutil", "psutil_pss", "psutil_uss", "posix", "tracemalloc");
        foreach (var option in (Option[])[_python, _noPython, _interval, _includeChildren, _multiprocess, _exitCode, _attach, _timeout, _output, _backend])
            Options.Add(option);
        Arguments.Add(_program);
        SetAction(parsed => Run(parsed, terminal));
    }

    public override bool EndsWithProgram => true;

    public override string HelpText => $"""
        hognose mprof {Name}: {(_attaches ? "sample a running program's memory" : "run a program and sample its memory")}

        Usage:
          {(_attaches ? "hognose mprof attach [options] PID|NAME" : "hognose mprof run [options] program [args ...]")}

        {(_attaches ? AttachText : RunText)}

        Options:
          -T, --interval SEC       seconds between samples (default: 0.1)
          -C, --include-children   add the memory of all child processes
          -M, --multiprocess       note each child process on its own, too
          -t, --timeout SEC        stop sampling after so many seconds (default: {(_attaches ? "3600" : "when the program ends; 3600 with --attach")})
          -o, --output FILE        where to write (default: mprofile_<YYYYMMDDhhmmss>.dat); an existing file is continued
          --backend NAME           psutil, posix: RSS (default); psutil_pss: PSS; psutil_uss: USS
          -E, --exit-code          end with the program's exit status (247 for one killed by signal 9, and so on)
          --python                 the program is Python: a module, or an interpreter and a script
          --nopython               run a script ending in .py as it is, without noting functions
          -a, --attach             the program is the PID or name of one that runs already
          --version                show the version
          -h, --help               show this text

        Examples:
        {(_attaches ? AttachExamples : RunExamples)}

        Exit status: 0{(_attaches ? "" : "; with -E the program's own")}; 1 when nothing is named; 2 when it cannot be {(_attaches ? "sampled" : "started")}.

        """;

    private const string RunText = """
        A program whose name ends in .py runs by the active virtualenv's python, else by python3 on PATH, and its functions
        under @profile (which needs no import) note when they ran. Any other program runs as it is. Samples are read from
        /proc, from outside.
        """;

    private const string AttachText = """
        NAME is a part of the program's name; of several the one with the lowest pid is taken. The program notices nothing.
        """;

    private const string RunExamples = """
          hognose mprof run app.py --port 8000
          hognose mprof run -C -T 0.01 pool.py       with its children, a hundred times a second
          hognose mprof run --python pytest tests/   a module
          hognose mprof run make -j8                 any program
        """;

    private const string AttachExamples = """
          hognose mprof attach 4711
          hognose mprof attach --timeout 60 gunicorn
        """;

    private int Run(ParseResult parsed, Terminal terminal)
    {
        var program = parsed.GetValue(_program) ?? [];
        if (program.Length == 0)
            throw new MprofStopException("no program to sample", _attaches ? "give its PID or name" : "name one, as in 'hognose mprof run app.py'", MprofStopException.NothingNamed);
        var interval = IntervalOf(parsed.GetValue(_interval)!);
        var path = parsed.GetValue(_output);
        var plan = PlanOf(parsed, interval);
        terminal.Output.WriteLine($"mprof: Sampling memory every {PythonFloat(interval)}s");
        return _attaches || parsed.GetValue(_attach) ? Attach(program, path, plan, terminal) : Launch(parsed, program, path, plan, terminal);
    }

    private static int Attach(string[] program, string? path, SamplePlan plan, Terminal terminal)
    {
        terminal.Output.WriteLine($"attaching to existing process, using hint: {program[0]}");
        terminal.Flush();
        var isNumber = int.TryParse(program[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId);
        if (!isNumber && (processId = ProcessTree.Named(program[0]).FirstOrDefault()) == 0)
            throw new CannotContinueException($"no process whose name holds '{program[0]}'", "give a PID, as pgrep -a python shows it");
        using var memory = MemoryProbe.Open(processId, plan.Measure)
            ?? throw new CannotContinueException($"no process with pid {processId}", "see the pids with: pgrep -a python");
        if (memory.Read() is null)
            throw new CannotContinueException($"pid {processId} has no memory to sample", "it has ended, or is a kernel thread");
        using var file = Open(path);
        file.Write(MprofLines.CommandLine(isNumber ? MprofLines.Joined(program) : MprofLines.Joined(ProcessTree.Arguments(processId))));
        new SampleLoop(plan with { Timeout = plan.Timeout ?? TimeoutOfAttach }, file).Run(processId, () => false);
        return 0;
    }

    private int Launch(ParseResult parsed, string[] words, string? path, SamplePlan plan, Terminal terminal)
    {
        var program = MprofProgram.Of(words, parsed.GetValue(_python), parsed.GetValue(_noPython), plan.ListChildren);
        terminal.Output.WriteLine("running new process");
        if (program.HasTimestamps)
            terminal.Output.WriteLine("running as a Python program...");
        terminal.Flush(); // Before the program prints.
        using var signals = new SignalForwarding();
        using var file = Open(path);
        file.Write(MprofLines.CommandLine(program.CommandLine));
        var launched = Launched(program, file, plan);
        signals.Begin(launched);
        ProgramExit? exit = null;
        bool HasEnded()
        {
            if (exit is null && launched.TryWait(out var ended))
                exit = ended;
            return exit is not null;
        }
        new SampleLoop(plan, file).Run(launched.ProcessId, HasEnded);
        if (plan.Timeout is not null && !parsed.GetValue(_exitCode) && !HasEnded())
            return 0; // As mprof: the program goes on.
        using (var end = new ProcessEnd(launched.ProcessId))
            while (!HasEnded())
                if (!end.WaitFor(plan.Interval < TimeSpan.FromSeconds(0.1) ? plan.Interval : TimeSpan.FromSeconds(0.1)))
                    continue;
        signals.End();
        return parsed.GetValue(_exitCode) ? StatusOf(exit!.Value, terminal) : 0;
    }

    private static DatFile Open(string? path) => path is null ? DatFile.OpenNew(DateTimeOffset.Now) : DatFile.Open(path);

    private static LaunchedProgram Launched(MprofProgram program, DatFile file, SamplePlan plan)
    {
        try
        {
            return program.Launch(file.Path, plan.SumChildren);
        }
        catch (CannotContinueException)
        {
            // A profile of nothing would be the newest, which later commands choose.
            file.TakeBack();
            throw;
        }
    }

    // As Python's sys.exit(-signal).
    private static int StatusOf(ProgramExit exit, Terminal terminal)
    {
        var code = exit.Signal != 0 ? -exit.Signal : exit.ExitStatus;
        if (code != 0)
            TroubleText.PrintNotice(terminal.Error, string.Create(CultureInfo.InvariantCulture, $"Program resulted with a non-zero exit code: {code}"));
        return code & 0xFF;
    }

    private SamplePlan PlanOf(ParseResult parsed, double interval)
    {
        var timeout = parsed.GetValue(_timeout);
        if (timeout is < 1)
            throw new CannotContinueException($"cannot stop after {timeout} seconds", "give --timeout a number of 1 or more");
        var measure = parsed.GetValue(_backend) switch
        {
            "psutil_pss" => MemoryMeasure.Proportional,
            "psutil_uss" => MemoryMeasure.Unique,
            "tracemalloc" => throw new CannotContinueException("tracemalloc measures from inside the program, mprof from outside", "see who allocates with 'hognose run', or choose psutil, psutil_pss or psutil_uss"),
            _ => MemoryMeasure.Resident,
        };
        return new SamplePlan(
            TimeSpan.FromSeconds(interval), timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null, measure, parsed.GetValue(_includeChildren), parsed.GetValue(_multiprocess));
    }

    private static double IntervalOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.0001 and <= LongestInterval
            ? seconds
            : throw new CannotContinueException($"'{text}' is no interval", "give --interval seconds between samples, 0.0001 or more");

    /// <summary>As Python prints it: "1.0".</summary>
    private static string PythonFloat(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}
