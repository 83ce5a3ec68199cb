using System.CommandLine;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Insights.Heaps;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose heap</c>: what a heap is made of.</summary>
internal sealed class HeapCommand : HeapQuestion
{
    /// <summary>Up to here retained sizes cost less than a second (0.4 s of CPU a million) and are shown unasked.</summary>
    private const int FewObjects = 2_000_000;

    private readonly Option<string> _by = new("--by") { DefaultValueFactory = _ => "type" };
    private readonly Option<string?> _sort = new("--sort");
    private readonly Option<string?> _type = new("--type");
    private readonly Option<string?> _min = new("--min");
    private readonly Option<bool> _retained = new("--retained");
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 30 };
    private readonly Option<bool> _all = new("--all");

    public HeapCommand(Terminal terminal)
        : base("heap", "Count what a running program holds.", terminal)
    {
        _by.AcceptOnlyFromAmong("type", "module", "size", "site");
        _sort.AcceptOnlyFromAmong("shallow", "retained", "count");
        foreach (var option in (Option[])[_by, _sort, _type, _min, _retained, _top, _all])
            Options.Add(option);
    }

    public override string HelpText => """
        hognose heap: count the objects of a running Python program, or of a core file, by type

        Usage:
          hognose heap PID|FILE.heap|CORE [options]

        Nothing is put into a running program. It stands still while its memory is copied (the report says for how long),
        then goes on; the counting is done on the copy.

        Options:
          --by type|module|size|site
                       what makes a row: the type, the module of the type, the size of one object, or the line that
                       allocated it, with what it is (default: type). Lines are known of a program that is being
                       recorded, and of snapshots taken then (run --objects, attach --objects, mark --objects); of
                       samples (--sample) they are estimates
          --sort shallow|retained|count
                       what comes first (default: shallow bytes; sizes ascend)
          --type GLOB  only types whose name matches: * stands for any letters, ? for one
          --min SIZE   only objects of so many bytes or more: 512, 10k, 2M
          --retained   what the objects of a row keep alive together, nothing counted twice; shown without asking
                       up to two million objects, beyond that it takes some seconds
          -n, --top N  how many rows to list (default: 30)
          --all        list every row
          --fork, --no-fork
                       whether a running program forks and its frozen child is read: it stands still for less long
                       (default: from 256 MB on)
          --no-pause   read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR
                       of a core: the directory that holds the files of the process
          --json       print JSON (docs/formats/heap-json.md) instead of the table: every row, or --top N of them
          -h, --help   show this text

        Examples:
          hognose heap 4711
          hognose heap $(pgrep -f app.py) --all
          hognose heap 4711 --sort retained --type 'app.*'
          hognose heap 4711 --by size --min 1M
          hognose heap hognose-app.4711.heap --by site
          hognose heap 4711 --json | jq '.types[0]'
          sudo hognose heap 4711                        for another user's process
          hognose heap core.4711                        a core file, also compressed by gzip or zstd

        Exit status: 0; 2 when the process cannot be read or is not a Python that we know.

        """;

    protected override int Answer(ParseResult parsed, Terminal terminal)
    {
        var top = Positive(parsed, _top, "rows");
        var isJson = IsJson(parsed);
        var rows = parsed.GetValue(_all) || (isJson && parsed.GetResult(_top) is null or { Implicit: true }) ? int.MaxValue : top;
        var selection = SelectionOf(parsed);
        var isBySite = selection.By == HeapGrouping.Site;
        using var reading = Read(parsed, columns: HeapColumns.None, asksForBirths: isBySite);
        if (isBySite && reading.Heap.Births is null)
            throw new CannotContinueException(
                $"'{HeapOf(parsed)}' does not say where objects were allocated",
                "ask a program that is being recorded, or a snapshot of one: 'hognose run --objects', 'attach --objects', 'mark PID --objects'");
        var wantsRetained = parsed.GetValue(_retained) || selection.Order == HeapOrder.Retained;
        var isOfSamples = isBySite && IsOfSamples(parsed, reading.Heap.Births!, wantsRetained);
        var groups = wantsRetained || (reading.Graph.NodeCount <= FewObjects && !isOfSamples)
            ? HeapGroups.WithRetained(reading.HeapWithoutMemory(), selection, Math.Min(rows, top))
            : HeapGroups.Of(reading.Graph, selection, isBySite ? reading.Heap.Births : null);
        var answer = new HeapAnswer(reading.Facts, groups, reading.Trouble);
        if (isJson)
            HeapJson.Write(terminal.Output, answer, rows);
        else
            HeapReport.Write(terminal.OutputConsole(), HeapOf(parsed), answer, rows);
        return 0;
    }

    /// <exception cref="CannotContinueException">It is, and lacks what an estimate needs, or cannot tell what is wanted.</exception>
    private bool IsOfSamples(ParseResult parsed, HeapFileBirths births, bool wantsRetained)
    {
        if (births.SampleBytes == 0)
            return false;
        if (births.BlockBytesOfNode.Length == 0)
            throw new CannotContinueException($"'{HeapOf(parsed)}' has samples and does not say how large their blocks were: it is damaged there or of an older hognose", "ask the recording, which estimates: 'hognose show FILE.alloc'");
        return !wantsRetained ? true : throw new CannotContinueException(
            $"of '{HeapOf(parsed)}' only samples were recorded, one in {Quantities.Bytes(births.SampleBytes)}: what the others keep alive is not known by line", "leave --retained out, or leave --by site out");
    }

    private HeapSelection SelectionOf(ParseResult parsed) => new(
        parsed.GetValue(_by) switch { "module" => HeapGrouping.Module, "size" => HeapGrouping.Size, "site" => HeapGrouping.Site, _ => HeapGrouping.Type },
        parsed.GetValue(_sort) switch { "retained" => HeapOrder.Retained, "count" => HeapOrder.Count, "shallow" => HeapOrder.Shallow, _ => null },
        parsed.GetValue(_type),
        SizeArgument.Parse(parsed.GetValue(_min)));
}
