using System.CommandLine;
using Hognose.Cli.Heaps;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose biggest</c>: the objects of a live process that retain the most.</summary>
internal sealed class BiggestCommand : HognoseVerb
{
    private readonly Argument<string> _pid = new("pid");
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 15 };
    private readonly Option<bool> _keys = new("--contents");
    private readonly CopyWayOptions _way = new();
    private readonly Option<string?> _sysroot = new("--sysroot");
    private readonly Option<bool> _json = new("--json");

    public BiggestCommand(Terminal terminal)
        : base("biggest", "List the objects of a running program that keep the most alive.")
    {
        Arguments.Add(_pid);
        Options.Add(_top);
        Options.Add(_keys);
        _way.AddTo(this);
        Options.Add(_sysroot);
        Options.Add(_json);
        SetAction(parsed => List(parsed, terminal));
    }

    public override string HelpText => """
        hognose biggest: which objects of a running Python program keep the most alive, and who holds them

        Usage:
          hognose biggest PID|FILE.heap|CORE [options]

        The retained size of an object is what would be freed with it: the object and all that nothing else holds.
        Nothing is put into the program. It stands still while its memory is copied (the report says for how long),
        then goes on; the rest is done on the copy.

        Options:
          -n, --top N    how many objects to list (default: 15)
          --contents     write out the text keys of dicts: they are contents of the program, which are left out otherwise
          --fork, --no-fork
                         whether a running program forks and its frozen child is read: it stands still for less long
                         (default: from 256 MB on)
          --no-pause     read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR  of a core: the directory that holds the files of the process
          --json         print JSON (docs/formats/biggest-json.md) instead
          -h, --help     show this text

        Examples:
          hognose biggest 4711
          hognose biggest $(pgrep -f app.py) --contents
          hognose biggest 4711 --json | jq '.objects[0].held_by'

        Exit status: 0; 2 when the process cannot be read or is not a Python that we know.

        """;

    private int List(ParseResult parsed, Terminal terminal)
    {
        var source = HeapSource.Parse(parsed.GetValue(_pid)!, parsed.GetValue(_sysroot), _way.Of(parsed));
        var top = parsed.GetValue(_top);
        if (top < 1)
            throw new CannotContinueException($"cannot list {top} objects", "give --top a number of 1 or more");
        using var reading = HeapReading.Of(source, Limits.Default, CancellationToken.None, work: terminal, columns: HeapColumns.Lengths);
        var biggest = BiggestObjects.Of(reading.Heap, top, ContentsChoice.Of(parsed.GetValue(_keys), reading, terminal));
        if (parsed.GetValue(_json))
            HoldingJson.Write(terminal.Output, reading.Facts, biggest, reading.Trouble);
        else
            BiggestReport.Write(terminal.OutputConsole(), reading.Facts, biggest, reading.Trouble);
        return 0;
    }
}
