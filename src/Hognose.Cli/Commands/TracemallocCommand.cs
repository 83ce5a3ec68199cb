using System.CommandLine;
using Hognose.Cli.Heaps;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose tracemalloc</c>: what a running tracemalloc has traced, read from outside.</summary>
internal sealed class TracemallocCommand : HognoseVerb
{
    private readonly Argument<string> _what = new("pid");
    private readonly Option<string> _by = new("--by") { DefaultValueFactory = _ => "line" };
    private readonly Option<string[]> _modules = new("--module") { AllowMultipleArgumentsPerToken = false };
    private readonly Option<int> _sites = new("--sites", "-n") { DefaultValueFactory = _ => 10 };
    private readonly CallTreeOptions _tree = new();
    private readonly Option<string?> _output = new("--output", "-o");
    private readonly CopyWayOptions _way = new();
    private readonly Option<string?> _sysroot = new("--sysroot");
    private readonly Option<bool> _json = new("--json");

    public TracemallocCommand(Terminal terminal)
        : base("tracemalloc", "What a running tracemalloc has traced, from outside.")
    {
        _by.AcceptOnlyFromAmong([.. GroupingArgument.Names.Where(name => GroupingArgument.Parse(name) != SiteGrouping.Function)]);
        Arguments.Add(_what);
        Options.Add(_by);
        Options.Add(_modules);
        Options.Add(_sites);
        _tree.AddTo(this);
        Options.Add(_output);
        _way.AddTo(this);
        Options.Add(_sysroot);
        Options.Add(_json);
        SetAction(parsed => Answer(parsed, terminal));
    }

    public override string HelpText => """
        hognose tracemalloc: what tracemalloc in a running Python program has traced and is still alive, read from outside

        Usage:
          hognose tracemalloc PID|CORE [options]

        For programs that run tracemalloc already: started with 'python -X tracemalloc' or PYTHONTRACEMALLOC, or by calling
        tracemalloc.start(). Their traces are a recording: the same figures as take_snapshot() gives, without a line of code in
        the program. Nothing is put into it; it stands still while its memory is copied (the report says for how long), and
        the tables of traces are read in the copy. Programs without tracemalloc are recorded by 'hognose attach'.

        The tree of calls, where more than one frame is kept (-X tracemalloc=25):
          --tree           from the entry down to what allocated, the biggest branch first
          --invert         from the lines that allocated up to their callers
          --min-share P    the smallest branch to show, in percent of the whole (default: 1%)
          --libraries      show every frame

        Options:
          --by line|file|module
                           what a site is (default: line); tracemalloc keeps no names of functions
          --module GLOB    only what modules whose name fits allocated themselves, as 'app.*' or json.decoder; may be
                           given several times
          -n, --sites N    how many sites to list (default: 10)
          -o, --output FILE.alloc
                           keep all of it as a recording, for 'hognose show', 'compare' and 'export'
          --fork, --no-fork
                           whether a running program forks and its frozen child is read: it stands still for less long
                           (default: from 256 MB on)
          --no-pause       read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR    of a core: the directory that holds the files of the process
          --json           print JSON (docs/formats/tracemalloc-json.md, call-tree-json.md) instead
          -h, --help       show this text

        Examples:
          hognose tracemalloc 4711
          hognose tracemalloc 4711 --by module
          hognose tracemalloc 4711 -o before.alloc; sleep 600; hognose tracemalloc 4711 -o after.alloc
          hognose compare before.alloc after.alloc
          hognose tracemalloc core.4711 --tree

        Exit status: 0; 2 when the process cannot be read, is not a Python that we know, or runs no tracemalloc.

        """;

    private int Answer(ParseResult parsed, Terminal terminal)
    {
        var sites = parsed.GetValue(_sites);
        if (sites < 1)
            throw new CannotContinueException($"cannot list {sites} sites", "give --sites a number of 1 or more");
        var isJson = parsed.GetValue(_json);
        var path = parsed.GetValue(_output);
        var options = new RecordingReportOptions(path, CurrentFolder.Path, isJson && parsed.GetResult(_sites) is null or { Implicit: true } ? int.MaxValue : sites, GroupingArgument.Parse(parsed.GetValue(_by)!))
        {
            View = RecordingView.Leaks,
            Modules = parsed.GetValue(_modules) ?? [],
        };
        var tree = _tree.Parse(parsed, options.Grouping);
        var what = parsed.GetValue(_what)!;
        var source = HeapSource.Parse(what, parsed.GetValue(_sysroot), _way.Of(parsed));
        using var file = path is null ? null : WholeFile.Create(path, path, "recording");
        terminal.Begin("copying the memory");
        var answer = TracedHeapReading.Of(source, Limits.Default, CancellationToken.None);
        file?.Keep(path!, stream => AllocWriter.Write(stream, answer.Recording));
        if (options.Modules.Count > 0)
            answer = answer with { Recording = RecordingSelection.OfModules(answer.Recording, options.Modules) };
        Write(answer, what, tree, options, isJson, terminal);
        return 0;
    }

    private static void Write(TracedHeap answer, string what, CallTreeShape? shape, RecordingReportOptions options, bool isJson, Terminal terminal)
    {
        if (shape is not null)
            WriteTree(answer, CallTree.Of(answer.Recording, RecordingView.Leaks, shape), options, isJson, terminal);
        else if (isJson)
            TracemallocJson.Write(terminal.Output, answer, options);
        else
            TracemallocReport.Write(terminal.OutputConsole(), what, answer, options);
    }

    private static void WriteTree(TracedHeap answer, CallTree tree, RecordingReportOptions options, bool isJson, Terminal terminal)
    {
        if (isJson)
            CallTreeJson.Write(terminal.Output, answer.Recording.Facts, tree, options);
        else
            CallTreeReport.Write(terminal.OutputConsole(), answer.Recording.Facts, tree, options);
    }
}
