using System.CommandLine;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Families;
using Hognose.Reports;
using Hognose.Reports.Charts;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose show</c>: prints the report of a recording again.</summary>
internal sealed class ShowCommand : HognoseVerb
{
    private readonly Argument<string[]> _files = new("file") { Arity = ArgumentArity.OneOrMore };
    private readonly Option<int> _sites = new("--sites", "-n") { DefaultValueFactory = _ => 10 };
    private readonly Option<string> _by = new("--by") { DefaultValueFactory = _ => "line" };
    private readonly RecordingSelection _selection = new();
    private readonly FamilySelection _family = new();
    private readonly CallTreeOptions _tree = new();
    private readonly Option<string> _picture = new("--picture");
    private readonly Option<bool> _json = new("--json");

    public ShowCommand(Terminal terminal)
        : base("show", "Print the report of a recording.")
    {
        _by.AcceptOnlyFromAmong([.. GroupingArgument.Names, .. SpreadArgument.Names]);
        Arguments.Add(_files);
        Options.Add(_sites);
        Options.Add(_by);
        _selection.AddTo(this);
        _family.AddTo(this);
        _tree.AddTo(this);
        Options.Add(_picture);
        Options.Add(_json);
        SetAction(parsed => Show(parsed, terminal));
    }

    public override string HelpText => """
        hognose show: print the report of a recording again, or ask it more

        Usage:
          hognose show FILE.alloc [options]
          hognose show FILE.alloc --family [options]    also what the processes held that the program started
          hognose show FILE.alloc OTHER.alloc ... [options]

        Views; without one, the report has who held most at the high-water mark and who held memory at the end:
          --view high-water              what was held when the whole program held the most
          --view leaks, --leaks          what was still held at the end: when Python began to shut down
          --view temporary, --temporary  what was freed before its thread made another allocation
          --view all, --all              what was allocated in all, freed or not
          --view growth, --growth        with --since T: what was allocated after T and is still held

        The tree of calls instead of tables:
          --tree           from the entry down to what allocated, the biggest branch first. Of libraries only the frame that
                           allocated is shown ("..." stands for those before it), as is a function that calls itself
          --invert         from the lines that allocated up to their callers
          --min-share P    the smallest branch to show, in percent of the whole (default: 1%)
          --libraries      show every frame

        Options:
          --by WHAT        what a site is: line (of code, the default), function, file or module; or instead of sites: thread,
                           size (a histogram), allocator, time (when it was allocated), each of the view that is asked for, else
                           of all that was allocated; or type (of what was held at the end; needs run --objects)
          --family         one report over the program and all processes that it started: who started whom, what each held,
                           and sites added up. Each counts at its own high-water mark and its own end; a block is
                           counted in the process that allocated it, not in forks that inherited it. A part of it is the
                           same time of all: T since the program's recording began, or a mark of the program's
          --module GLOB    only what modules whose name fits allocated themselves, as 'app.*' or json.decoder; the program's
                           main module also as __main__; may be given several times
          -n, --sites N    how many sites to list (default: 10)
          --picture FILE   also draw heap and RSS over time: .svg, .png, .pdf, .jpg, .webp, or .html
          --json           print JSON (docs/formats/show-json.md, call-tree-json.md, family-json.md) instead of the report
          -h, --help       show this text

        Only a part of it, which needs the recording's events (not those of --aggregate); T in seconds, as 300ms, or a mark:
          --since T       what was allocated from T on
          --until T       what happened up to T
          --at T          what was alive at T
          --at end        what was never freed, not even by Python's shutdown
          --thread WHO    what a thread allocated: its name, its kernel id, or its number in this recording
          --temporary-threshold N   temporary is what was freed before its thread made N more allocations (default: 1)

        Examples:
          hognose show hognose-app.4711.alloc
          hognose show hognose-app.4711.alloc --family --by function
          hognose show hognose-app.4711.alloc --since 10 --until 12.5
          hognose show hognose-app.4711.alloc --growth --since 60
          hognose show hognose-app.4711.alloc --family --growth --since 'warmed up'
          hognose show hognose-app.4711.alloc --leaks --by function --sites 30
          hognose show hognose-app.4711.alloc --temporary --module 'app.*'
          hognose show hognose-app.4711.alloc --by thread --leaks
          hognose show hognose-app.4711.alloc --by size --module 'app.*' --since 10 --growth
          hognose show hognose-app.4711.alloc --tree --by function
          hognose show hognose-app.4711.alloc --json | jq '.high_water_mark.sites[0]'

        Exit status: 0; 2 when the file cannot be read, is not a recording, or does not tell what is asked. Of a family those
        that cannot be read are named in the report.

        """;

    private int Show(ParseResult parsed, Terminal terminal)
    {
        var files = parsed.GetValue(_files)!;
        var file = files[0];
        var sites = parsed.GetValue(_sites);
        if (sites < 1)
            throw new CannotContinueException($"cannot list {sites} sites", "give --sites a number of 1 or more");
        var options = new RecordingReportOptions(file, CurrentFolder.Path, sites, GroupingArgument.Parse(parsed.GetValue(_by)!))
        {
            View = _selection.View(parsed),
            Modules = _selection.Modules(parsed),
            Recordings = _family.WordsFor(parsed, files),
            Part = _selection.Repeated(parsed),
        };
        var tree = _tree.Parse(parsed, options.Grouping);
        var spread = SpreadArgument.Parse(parsed.GetValue(_by)!);
        if (spread is not null && tree is not null)
            throw new CannotContinueException($"a tree of calls has places in the code, no {parsed.GetValue(_by)}", "leave --tree out, or ask --by function");
        if (spread is { } asked)
            SpreadArgument.Check(asked, options.View, _selection.IsPart(parsed));
        var picture = PictureOf(parsed);
        if (_family.IsAskedFor(parsed, files))
            return ShowFamily(parsed, files, options, tree, spread, terminal);
        var recording = _selection.Read(parsed, file, terminal, withC: tree is not null, spread);
        GroupingArgument.RequireKnown(recording, options.Grouping, file);
        if (picture is var (path, format))
            PictureFile.Write(path, RecordingPicture.Draw(recording, format), _picture.Name);
        if (spread is { } kind)
            ShowSpread(recording, kind, options, parsed, terminal);
        else if (tree is not null)
            ShowTree(recording, tree, options, parsed.GetValue(_json), terminal);
        else if (parsed.GetValue(_json))
            RecordingJson.Write(terminal.Output, recording, options);
        else
            RecordingReport.Write(terminal.OutputConsole(), recording, options);
        return 0;
    }

    private int ShowFamily(ParseResult parsed, IReadOnlyList<string> files, RecordingReportOptions options, CallTreeShape? tree, SpreadKind? spread, Terminal terminal)
    {
        if (spread is SpreadKind.Thread or SpreadKind.Time)
            throw new CannotContinueException($"--by {parsed.GetValue(_by)} is of one process", "leave --family out, or ask --by function");
        var picture = PictureOf(parsed);
        var (family, unread) = _family.Read(parsed, files, _selection, byProcess: false, terminal, withC: tree is not null, spread);
        if (picture is var (path, format))
            PictureFile.Write(path, RecordingPicture.Draw(family.Together, format), _picture.Name);
        if (spread is { } kind)
            ShowSpread(family.Together, kind, options, parsed, terminal, family);
        else if (tree is not null)
            ShowTree(family.Together, tree, options, parsed.GetValue(_json), terminal);
        else if (parsed.GetValue(_json))
            FamilyJson.Write(terminal.Output, family, unread, options);
        else
            FamilyReport.Write(terminal.OutputConsole(), family, unread, options);
        if (spread is not null || tree is not null)
            FamilySelection.PrintUnread(unread, terminal);
        return 0;
    }

    private void ShowSpread(RecordingSummary recording, SpreadKind kind, RecordingReportOptions options, ParseResult parsed, Terminal terminal, RecordedFamily? family = null)
    {
        var view = options.View ?? AllocationSpread.DefaultView(kind);
        var rows = SpreadArgument.Rows(recording, kind, view);
        if (parsed.GetValue(_json))
            SpreadJson.Write(terminal.Output, recording, parsed.GetValue(_by)!, rows, options with { View = view });
        else if (family is not null)
            SpreadReport.Write(terminal.OutputConsole(), family, kind, rows, options with { View = view });
        else
            SpreadReport.Write(terminal.OutputConsole(), recording, kind, rows, options with { View = view });
    }

    private static void ShowTree(RecordingSummary recording, CallTreeShape shape, RecordingReportOptions options, bool isJson, Terminal terminal)
    {
        var tree = CallTree.Of(recording, options.View ?? RecordingView.HighWater, shape);
        if (isJson)
            CallTreeJson.Write(terminal.Output, recording.Facts, tree, options);
        else
            CallTreeReport.Write(terminal.OutputConsole(), recording.Facts, tree, recording.Facts.Tracemalloc is null ? options : options with { View = RecordingView.Leaks });
    }

    private (string Path, PictureFormat Format)? PictureOf(ParseResult parsed) => parsed.GetValue(_picture) is not { } path ? null
        : (path, PictureFile.FormatOf(path, _picture.Name)
            ?? throw new CannotContinueException($"'{path}' does not say what kind of picture it is to be", "give --picture a name that ends in .svg, .png or .pdf"));
}
