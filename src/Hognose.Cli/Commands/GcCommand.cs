using System.CommandLine;
using System.Globalization;
using Hognose.Cli.Collecting;
using Hognose.Cli.Programs;
using Hognose.Diagnostics;
using Hognose.Insights.Collections;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Hognose.Targets.Sampling;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose gc</c>: a program's garbage collections in words, or those of a running one from outside.</summary>
internal sealed class GcCommand : HognoseVerb
{
    private const double LongestInterval = 1_000_000; // Seconds; 11 days.

    private readonly Option<string> _python = new("--python");
    private readonly Option<bool> _compat = new("--compat");
    private readonly Option<int> _generation = new("--generation");
    private readonly Option<bool> _once = new("--once");
    private readonly Option<bool> _json = new("--json");
    private readonly Option<string> _interval = new("--interval") { DefaultValueFactory = _ => "1" };
    private readonly Argument<string[]> _program = new("program") { Arity = ArgumentArity.ZeroOrMore };

    public GcCommand(Terminal terminal)
        : base("gc", "Say what the garbage collector does.")
    {
        foreach (var option in (Option[])[_python, _compat, _generation, _once, _json, _interval])
            Options.Add(option);
        Arguments.Add(_program);
        SetAction(parsed => Run(parsed, terminal));
    }

    public override string HelpText => """
        hognose gc: what the garbage collector of a Python program does

        Usage:
          hognose gc [options] [--] script.py [args ...]   run a program; each collection is told as it happens
          hognose gc [options] -m module [args ...]
          hognose gc [options] -c code [args ...]
          hognose gc PID [options]                         a running program's collections, from outside

        A program that we run is told on stderr of every collection: its generation and pause, what was freed and what
        could not be, by type and by cycle (Node.parent -> Tree.children -> list[3] -> Node). It needs no change; what it
        does with the module gc stays as it is. With a PID nothing is put into the program and it is not stopped: its
        collector's counts, thresholds and statistics are read, now and whenever something was collected.

        Options for a program that we run:
          --generation N   tell only of collections of generation N (0, 1 or 2) and older ones (default: 0, all)
          --python EXE     the interpreter (default: the active virtualenv's python, else python3 on PATH)
          --compat         our memory_profiler and pympler also where the originals are installed; else where they are not

        Options with a PID:
          --once           print the collector's state and end
          --interval SEC   seconds between readings (default: 1)
          --json           print JSON (docs/formats/gc-json.md), one object a reading

          -h, --help       show this text

        Examples:
          hognose gc app.py --port 8000
          hognose gc --generation 2 -m pytest tests/
          hognose gc 4711
          hognose gc 4711 --once --json | jq '.interpreters[0].generations'

        Exit status: the program's own; with a PID 0 when the process has ended or with --once. 2 when the program
        cannot be started, or the process cannot be read or is not a Python that we know.

        """;

    /// <summary>As with <c>run</c>: whatever follows the program is the program's. After a PID come options of ours.</summary>
    public string[] SetProgramApart(string[] args) => args.Skip(1).FirstOrDefault(each => !each.StartsWith('-')) is { } first && IsNumber(first) && !args.Contains("--")
        ? args
        : ProgramApart.Set(args, this);

    private int Run(ParseResult parsed, Terminal terminal)
    {
        var program = parsed.GetValue(_program) ?? [];
        if (program.Length == 0)
            throw new CannotContinueException("no program and no pid", "give a script, as in 'hognose gc app.py', or the pid of a running program");
        if (!IsNumber(program[0]))
            return RunProgram(parsed, program);
        if (program.Length > 1)
            throw new CannotContinueException($"'{program[1]}' after the pid is one word too many", "give one pid");
        if (IsGiven(parsed, _python) || IsGiven(parsed, _generation) || IsGiven(parsed, _compat))
            throw new CannotContinueException("--python, --generation and --compat are for programs that hognose runs", "leave them out with a pid");
        return Watch(parsed, ProcessArgument.Parse(program[0]), terminal);
    }

    private int RunProgram(ParseResult parsed, string[] program)
    {
        if (IsGiven(parsed, _once) || IsGiven(parsed, _json) || IsGiven(parsed, _interval))
            throw new CannotContinueException("--once, --json and --interval are for running programs", "give the pid of one, or leave them out");
        var generation = parsed.GetValue(_generation);
        if (generation is < 0 or > 2)
            throw new CannotContinueException($"there is no generation {generation}", "give --generation 0, 1 or 2");
        return CollectedProgram.Run(parsed.GetValue(_python), program, generation, parsed.GetValue(_compat));
    }

    private int Watch(ParseResult parsed, int processId, Terminal terminal)
    {
        var interval = IntervalOf(parsed.GetValue(_interval)!);
        var isJson = parsed.GetValue(_json);
        var collector = CollectorOfProcess.Open(processId, Limits.Default);
        var reading = collector.Read() ?? throw new CannotContinueException($"pid {processId} has just ended", "there is nothing left to read");
        if (isJson)
            CollectorJson.Write(terminal.Output, collector.Facts, reading);
        else
            CollectorReport.WriteNow(terminal.OutputConsole(), collector.Facts, reading);
        terminal.Flush();
        if (!parsed.GetValue(_once))
            Follow(collector, reading, interval, isJson, terminal);
        return 0;
    }

    private static void Follow(CollectorOfProcess collector, CollectorReading before, TimeSpan interval, bool isJson, Terminal terminal)
    {
        using var end = new ProcessEnd(collector.Facts.ProcessId);
        while (!end.WaitFor(interval) && collector.Read() is { } now)
        {
            if (isJson)
                CollectorJson.Write(terminal.Output, collector.Facts, now);
            else
                CollectorReport.WriteWork(terminal.OutputConsole(), now, CollectionsBetween.Of(before, now));
            terminal.Flush();
            before = now;
        }
    }

    private static TimeSpan IntervalOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.001 and <= LongestInterval
            ? TimeSpan.FromSeconds(seconds)
            : throw new CannotContinueException($"'{text}' is no interval", "give --interval seconds between readings, 0.001 or more");

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
