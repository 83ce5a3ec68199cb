using System.CommandLine;
using System.CommandLine.Help;
using Hognose.Cli.Commands.Mprof;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose</c> itself: its commands, <c>--version</c>, <c>--help</c>.</summary>
internal sealed class HognoseCommand : RootCommand, IHelpful
{
    public HognoseCommand(Terminal terminal)
        : base("A memory debugger for Python.")
    {
        Directives.Clear();
        Options.Clear();
        Options.Add(new HelpOption("--help", "-h") { Action = new HelpTextAction(), Recursive = true });
        Options.Add(new VersionOption("--version") { Action = new VersionTextAction() });
        Run = new RunCommand(terminal);
        Subcommands.Add(Run);
        Subcommands.Add(new AttachCommand(terminal));
        Subcommands.Add(new DetachCommand(terminal));
        Subcommands.Add(new MarkCommand(terminal));
        Subcommands.Add(new TracemallocCommand(terminal));
        Subcommands.Add(new ShowCommand(terminal));
        Subcommands.Add(new CompareCommand(terminal));
        Subcommands.Add(new ExportCommand(terminal));
        Subcommands.Add(new SnapshotCommand(terminal));
        Subcommands.Add(new HeapCommand(terminal));
        Subcommands.Add(new BiggestCommand(terminal));
        Subcommands.Add(new WhyCommand(terminal));
        Subcommands.Add(new DiffCommand(terminal));
        Subcommands.Add(new CyclesCommand(terminal));
        Subcommands.Add(new TreeCommand(terminal));
        Subcommands.Add(new RefsCommand(terminal));
        Subcommands.Add(new AuditCommand(terminal));
        Subcommands.Add(new WasteCommand(terminal));
        Subcommands.Add(new SuspectsCommand(terminal));
        Subcommands.Add(new RssCommand(terminal));
        Gc = new GcCommand(terminal);
        Subcommands.Add(Gc);
        Lines = new LinesCommand(terminal);
        Subcommands.Add(Lines);
        Subcommands.Add(new FollowCommand(terminal));
        Subcommands.Add(new WithinCommand(terminal));
        MemoryProfiler = new MemoryProfilerCommand(terminal);
        Subcommands.Add(MemoryProfiler);
        Mprof = new MprofCommand(terminal);
        Subcommands.Add(Mprof);
    }

    private RunCommand Run { get; }

    private GcCommand Gc { get; }

    private LinesCommand Lines { get; }

    private MemoryProfilerCommand MemoryProfiler { get; }

    private MprofCommand Mprof { get; }

    /// <summary>Separates what is a program's from what is ours, for the commands that take a program.</summary>
    public string[] SetProgramsApart(string[] args) =>
        Mprof.Normalize(MemoryProfiler.SetAllApart(Lines.SetProgramApart(Gc.SetProgramApart(Run.SetProgramApart(args)))));

    public string HelpText => """
        hognose: where does my Python program's memory go?

        Usage:
          hognose run [options] script.py [args ...]   record every allocation of a program, then report
          hognose attach PID [options]                 the same of a program that runs already; 'detach PID' ends it
          hognose mark PID [NAME]                      give this moment of its recording a name
          hognose tracemalloc PID [options]            what a tracemalloc that runs in it has traced, from outside
          hognose show FILE.alloc [options]            print the report of a recording again
          hognose compare BEFORE.alloc AFTER.alloc     what a change made worse, site by site; can fail a build
          hognose export FILE.alloc --to FORMAT        for pprof, speedscope, flame graphs, Perfetto, as CSV or JSON
          hognose lines FILE.alloc [SOURCE]            the source, with what each line allocated beside it
          hognose lines script.py [args ...]           profile every function of a script, line by line
          hognose suspects PID [options]               the most likely causes of a running program's memory
          hognose heap PID [options]                   count what a running program holds, from outside
          hognose snapshot PID [-o FILE.heap]          keep its heap in a file; every question takes the file for the PID
          hognose biggest PID [options]                which of its objects keep the most alive, and who holds them
          hognose why PID TYPE [options]               who holds the objects of a type
          hognose diff BEFORE.heap AFTER.heap          what grew in between, and who holds it
          hognose cycles PID                           what a garbage collection would free, cycle by cycle
          hognose tree PID [OBJECT] [options]          what keeps what alive, level by level
          hognose refs PID OBJECT [options]            what refers to an object, and what it refers to
          hognose audit PID [options]                  which objects C code holds
          hognose waste PID [options]                  memory spent for nothing
          hognose gc script.py | PID                   what the garbage collector does, collection by collection
          hognose rss PID [options]                    where every byte of its resident memory is, and what to do
          hognose mprof COMMAND ...                    memory over time, as memory_profiler's mprof has it
          hognose memory-profiler script.py [args ...] tables of memory_profiler's, as python -m memory_profiler prints them

        Options:
          -h, --help     show this text; also 'hognose COMMAND --help'
          --version      show the version

        Examples:
          hognose run app.py --port 8000               whatever follows the script is the script's
          hognose run -m pytest tests/                 a module, as with python -m
          hognose show hognose-app.4711.alloc --by function
          hognose heap 4711                            the program goes on; it stands still for a moment

        Works with CPython 3.8 to 3.15 on x86-64 Linux. The program needs no change and no package.

        """;
}
