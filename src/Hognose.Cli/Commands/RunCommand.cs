using System.CommandLine;
using System.Text;
using Hognose.Cli.Programs;
using Hognose.Cli.Recordings;
using Hognose.Cli.Running;
using Hognose.Recording.Ring;
using Hognose.Reports;
using Hognose.Reports.Terminal;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose run</c>: starts a Python program with the agent inside, follows it, keeps the recording, prints the report.</summary>
internal sealed class RunCommand : HognoseVerb
{
    private const string CompatCode = """
        from hognose._running import run
        sys.exit(run(sys.argv[1:]))
        """;

    private readonly Option<string> _output = new("--output", "-o");
    private readonly Option<string> _python = new("--python");
    private readonly Option<bool> _objects = new("--objects");
    private readonly Option<bool> _aggregate = new("--aggregate");
    private readonly Option<bool> _children = new("--children") { DefaultValueFactory = _ => true };
    private readonly Option<bool> _noChildren = new("--no-children");
    private readonly Option<bool> _compat = new("--compat");
    private readonly Option<bool> _native = new("--native-allocations");
    private readonly Option<bool> _nativeStacks = new("--native-stacks");
    private readonly Option<string?> _sample = SampleArgument.Option();
    private readonly Option<bool> _quiet = new("--quiet", "-q");
    private readonly Argument<string[]> _program = new("program") { Arity = ArgumentArity.ZeroOrMore };

    public RunCommand(Terminal terminal)
        : base("run", "Record every allocation of a program.")
    {
        Options.Add(_output);
        Options.Add(_python);
        Options.Add(_objects);
        Options.Add(_aggregate);
        Options.Add(_children);
        Options.Add(_noChildren);
        Options.Add(_compat);
        Options.Add(_native);
        Options.Add(_nativeStacks);
        Options.Add(_sample);
        Options.Add(_quiet);
        Arguments.Add(_program);
        SetAction(parsed => Start(parsed, terminal));
    }

    public override string HelpText => """
        hognose run: run a Python program, record every allocation it makes, and report

        Usage:
          hognose run [options] [--] script.py [args ...]
          hognose run [options] -m module [args ...]
          hognose run [options] -c code [args ...]

        The program runs as it would without us: its input, output, arguments, working directory, exit status
        and signals are its own. When it ends, however it ends, the report goes to stderr. The recording grows in its file
        meanwhile: 'hognose show' can be asked while the program runs.
        Our options come before the script; everything after the script, the module or the code is the program's.
        A script that imports memory_profiler or pympler where they are not installed gets ours.

        Options:
          -o, --output FILE   where to keep the recording (default: hognose-NAME.PID.alloc in this directory)
          --objects           also say what the memory held at the end is, by type, and who holds it; keeps a snapshot
                              beside the recording (NAME.heap) that knows where each object was allocated;
                              of each process that ends by itself, too
          --no-children       only this process; else the Pythons that it starts (fork, multiprocessing, subprocess, exec) are
                              recorded, too, each in a file of its own (NAME.PID.alloc), and listed in the report
          --python EXE        the interpreter (default: the active virtualenv's python, else python3 on PATH)
          --aggregate         keep totals only, no events: for runs of days; the file stays small, and is whole at the end
          --compat            our memory_profiler and pympler for the program, also where the originals are installed
          --native-allocations
                              also what C code allocates itself (malloc, mmap and their kin), under the line that called it
          --native-stacks     also the C functions between Python's: 'hognose show --tree' and 'hognose export' have them
          --sample[=BYTES]    record only samples, one in BYTES allocated on average (512k when not given; 64k, 1M ...): cheap
                              enough to stay on in production; figures are estimates, shown with their error, and so are
                              types and holders of --objects
          -q, --quiet         no report; the recording is kept all the same
          -h, --help          show this text

        Examples:
          hognose run app.py --port 8000
          hognose run -o before.alloc -m pytest tests/test_import.py
          hognose run --python ./venv/bin/python -c 'import numpy'
          hognose run --objects app.py                  then: hognose why hognose-app.PID.heap TYPE
          hognose run -- -X dev -W error app.py         after -- the whole line is python's

        Exit status: the program's own. 2 when hognose could not start it.

        """;

    /// <inheritdoc cref="ProgramApart"/>
    public string[] SetProgramApart(string[] args) => ProgramApart.Set(args, this);

    private int Start(ParseResult parsed, Terminal terminal)
    {
        var program = parsed.GetValue(_program) ?? [];
        var line = PythonLine.Parse(program);
        line.CheckScript();
        var python = PythonFinder.Find(parsed.GetValue(_python), Environment.GetEnvironmentVariable);
        var keepsEvents = !parsed.GetValue(_aggregate);
        var choices = new RecordingChoices(parsed.GetValue(_native), SampleArgument.Parse(parsed, _sample), parsed.GetValue(_nativeStacks));
        using var file = RecordingFile.Create(parsed.GetValue(_output), line.Name, keepsEvents);
        var family = parsed.GetValue(_noChildren) || !parsed.GetValue(_children) ? null : new RecordingName(parsed.GetValue(_output), line.Name, keepsEvents);
        var run = ProgramRun.Run(python, program, WordsOf(line, python, parsed.GetValue(_compat)), file, choices, parsed.GetValue(_objects), family);
        if (!parsed.GetValue(_quiet))
            RecordingReport.Write(
                terminal.ErrorConsole(), run.Recording.OfPython(), new RecordingReportOptions(run.File, CurrentFolder.Path) { HeapName = run.HeapName });
        foreach (var trouble in run.Troubles.Concat(run.FamilyTroubles))
            TroubleText.Print(terminal.Error, trouble);
        terminal.Flush();
        var status = OwnEnding.Mirror(run.Exit);
        // The program's own trouble wins over ours.
        return status == 0 && run.Troubles.Count > 0 ? run.Troubles[0].ExitStatus : status;
    }

    private static IReadOnlyList<byte[]> WordsOf(PythonLine line, string python, bool oursFirst) => oursFirst || Originals.AreMissing(line, python)
        ? PackageCode.Around(line, python, PackageCode.Words(CompatCode, oursFirst))
        : [Encoding.UTF8.GetBytes(python), .. RawArguments.Tail(line.Arguments)];
}
