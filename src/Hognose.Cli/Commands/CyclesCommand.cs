using System.CommandLine;
using Hognose.Cli.Heaps;
using Hognose.Diagnostics;
using Hognose.Insights.Cycles;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose cycles</c>: what a collection would free, cycle by cycle.</summary>
internal sealed class CyclesCommand : HognoseVerb
{
    private readonly Argument<string> _source = new("source");
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 10 };
    private readonly CopyWayOptions _way = new();
    private readonly Option<string?> _sysroot = new("--sysroot");
    private readonly Option<bool> _json = new("--json");

    public CyclesCommand(Terminal terminal)
        : base("cycles", "Say what a garbage collection would free, and which cycles live.")
    {
        Arguments.Add(_source);
        Options.Add(_top);
        _way.AddTo(this);
        Options.Add(_sysroot);
        Options.Add(_json);
        SetAction(parsed => Tell(parsed, terminal));
    }

    public override string HelpText => """
        hognose cycles: what a garbage collection of a Python program would free, and which cycles live

        Usage:
          hognose cycles PID|FILE.heap|CORE [options]

        Objects that refer to each other in a round are freed by the collector only, when nothing else leads to them. It is
        told what it would find at this moment, without a collection: cycles of the same types together, with a shortest way
        round one of them. Living cycles are those that something still holds. What a collection would leave is told with the
        reason (gc.freeze(), finalizers of the old kind), as are gc.garbage, generations, counts, thresholds and debug flags.
        Nothing is put into the program. It stands still while its memory is copied (the report says for how long).

        Options:
          -n, --top N  how many kinds of cycles to list, of garbage and of living ones (default: 10)
          --fork, --no-fork
                       whether a running program forks and its frozen child is read: it stands still for less long
                       (default: from 256 MB on)
          --no-pause   read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR  of a core: the directory that holds the files of the process
          --json       print JSON (docs/formats/cycles-json.md) instead: every kind
          -h, --help   show this text

        Examples:
          hognose cycles 4711
          hognose cycles before.heap --json | jq '.garbage[0].round'

        Exit status: 0; 2 when the process or file cannot be read or is not a Python that we know.

        """;

    private int Tell(ParseResult parsed, Terminal terminal)
    {
        var top = parsed.GetValue(_top);
        if (top < 1)
            throw new CannotContinueException($"cannot list {top} kinds of cycles", "give --top a number of 1 or more");
        using var reading = HeapReading.Of(HeapSource.Parse(parsed.GetValue(_source)!, parsed.GetValue(_sysroot), _way.Of(parsed)), Limits.Default, CancellationToken.None, work: terminal);
        var cycles = HeapCycles.Of(reading.Heap, reading.Collectors, CancellationToken.None);
        if (parsed.GetValue(_json))
            CyclesJson.Write(terminal.Output, reading.Facts, cycles, reading.Trouble);
        else
            CyclesReport.Write(terminal.OutputConsole(), reading.Facts, cycles, top, reading.Trouble);
        return 0;
    }
}
