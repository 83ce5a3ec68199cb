using System.CommandLine;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Comparisons;
using Hognose.Reports;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose compare</c>: what a change made worse.</summary>
internal sealed class CompareCommand : HognoseVerb
{
    private const int GrewTooMuch = 1;

    private readonly Argument<string> _before = new("before.alloc");
    private readonly Argument<string> _after = new("after.alloc");
    private readonly Option<int> _sites = new("--sites", "-n") { DefaultValueFactory = _ => 10 };
    private readonly Option<string> _by = new("--by") { DefaultValueFactory = _ => "function" };
    private readonly Option<string[]> _failOn = new("--fail-on") { AllowMultipleArgumentsPerToken = false };
    private readonly RecordingSelection _selection = new();
    private readonly FamilySelection _family = new();
    private readonly Option<bool> _json = new("--json");

    public CompareCommand(Terminal terminal)
        : base("compare", "Say what a change made worse.")
    {
        _by.AcceptOnlyFromAmong(GroupingArgument.Names);
        Arguments.Add(_before);
        Arguments.Add(_after);
        Options.Add(_sites);
        Options.Add(_by);
        Options.Add(_failOn);
        _selection.AddTo(this);
        _family.AddTo(this);
        Options.Add(_json);
        SetAction(parsed => Compare(parsed, terminal));
    }

    public override string HelpText => """
        hognose compare: two recordings, site by site: what a change made worse

        Usage:
          hognose compare BEFORE.alloc AFTER.alloc [options]

        What was held at the high-water mark and at the end, what was allocated in all and what was temporary, for the whole;
        then the sites that grew and those that shrank, by one of these:
          --view high-water              what was held when the whole program held the most (default)
          --view leaks, --leaks          what was still held at the end: when Python began to shut down
          --view temporary, --temporary  what was freed before its thread made another allocation
          --view all, --all              what was allocated in all, freed or not
          --view growth, --growth        with --since T: what was allocated after T and is still held

        Functions are the same that have the same name in the same module, wherever the file lies and whatever line
        they begin at. Lines of a function are matched in order; where they cannot be, the function's changed lines are
        one row.

        Options:
          --fail-on GROWTH  exit with 1 when the whole grew by more than a share or a size: +5%, +10M; may be given several
                            times. One line on stderr says so. Of samples (--sample) only growth beyond their error
                            counts
          --by WHAT         what a site is: function (default), line, file or module
          --family          of each recording also the processes that the program started, added up: each at its own high-water
                            mark and its own end
          --module GLOB     only what modules whose name fits allocated themselves; then the whole is theirs as well
          --since, --until, --at T, --thread WHO  only a part of each recording, as with 'hognose show'
          -n, --sites N     how many sites to list in each table (default: 10)
          --json            print JSON (docs/formats/compare-json.md) instead: every site that changed
          -h, --help        show this text

        Examples:
          hognose compare main.alloc branch.alloc
          hognose compare main.alloc branch.alloc --fail-on +5% --fail-on +10M
          hognose compare main.alloc branch.alloc --all --by line --module 'app.*'

        Exit status: 0; 1 when --fail-on says so; 2 when a file cannot be read or is not a recording.

        """;

    private int Compare(ParseResult parsed, Terminal terminal)
    {
        var sites = parsed.GetValue(_sites);
        if (sites < 1)
            throw new CannotContinueException($"cannot list {sites} sites", "give --sites a number of 1 or more");
        var view = _selection.View(parsed);
        var limits = Array.ConvertAll(parsed.GetValue(_failOn) ?? [], GrowthArgument.Parse);
        var options = new RecordingReportOptions(parsed.GetValue(_after)!, CurrentFolder.Path, sites, GroupingArgument.Parse(parsed.GetValue(_by)!))
        {
            View = view,
            Modules = _selection.Modules(parsed),
        };
        var before = parsed.GetValue(_before)!;
        var (one, other) = (ReadOne(before), ReadOne(options.FileName!));
        if (one.Facts.Tracemalloc is not null || other.Facts.Tracemalloc is not null)
            (view, options) = (view ?? RecordingView.Leaks, parsed.GetResult(_by) is null or { Implicit: true } ? options with { Grouping = SiteGrouping.Line } : options);
        GroupingArgument.RequireKnown(one, options.Grouping, before);
        GroupingArgument.RequireKnown(other, options.Grouping, options.FileName!);
        var comparison = RecordingComparison.Of(one, other, view ?? RecordingView.HighWater, options.Grouping);
        if (parsed.GetValue(_json))
            ComparisonJson.Write(terminal.Output, comparison, options.Modules);
        else
            ComparisonReport.Write(terminal.OutputConsole(), comparison, before, options);
        terminal.Flush();
        return Judge(comparison, limits, terminal);

        RecordingSummary ReadOne(string file) => _family.ReadAsOne(parsed, file, _selection, byProcess: false, terminal, withC: false);
    }

    private static int Judge(RecordingComparison comparison, GrowthLimit[] limits, Terminal terminal)
    {
        var (before, after) = (comparison.Before(comparison.View).Bytes, comparison.After(comparison.View).Bytes);
        var error = comparison.Error(comparison.View).Bytes;
        var index = Array.FindIndex(limits, limit => limit.IsExceeded(before, after, error));
        if (index < 0)
            return 0;
        var share = before == 0 ? "" : $" ({Quantities.Percent((double)(after - before) / before)})";
        TroubleText.PrintNotice(
            terminal.Error,
            $"{RecordingWords.Short(comparison.View).ToLowerInvariant()}: {Quantities.Change(after - before)}{(error > 0 ? $" ± {Quantities.Bytes(error)}" : "")}{share}, from {Quantities.Bytes(before)} to {Quantities.Bytes(after)}: more than --fail-on {limits[index].Text}");
        return GrewTooMuch;
    }
}
