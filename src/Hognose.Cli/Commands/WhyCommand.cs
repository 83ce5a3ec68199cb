using System.CommandLine;
using Hognose.Cli.Heaps;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose why</c>: who holds the objects of a type.</summary>
internal sealed class WhyCommand : HognoseVerb
{
    private const int DefaultWays = 12;

    private readonly Argument<string> _pid = new("pid");
    private readonly Argument<string> _what = new("what");
    private readonly Option<bool> _all = new("--all");
    private readonly Option<bool> _keys = new("--contents");
    private readonly CopyWayOptions _way = new();
    private readonly Option<string?> _sysroot = new("--sysroot");
    private readonly Option<bool> _json = new("--json");

    public WhyCommand(Terminal terminal)
        : base("why", "Say who holds objects of a running program.")
    {
        Arguments.Add(_pid);
        Arguments.Add(_what);
        Options.Add(_all);
        Options.Add(_keys);
        _way.AddTo(this);
        Options.Add(_sysroot);
        Options.Add(_json);
        SetAction(parsed => Explain(parsed, terminal));
    }

    public override string HelpText => """
        hognose why: who holds objects of a running Python program

        Usage:
          hognose why PID|FILE.heap|CORE TYPE [options]       the objects of a type, as 'hognose heap' names it,
                                                              or the end of its name where no other has the same
          hognose why PID|FILE.heap|CORE 0xADDRESS [options]  one object, by the address that another report gave

        Shows shortest ways from modules and from variables of running functions, then from what else holds
        objects. A weak reference holds nothing and is no way.
        Nothing is put into the program. It stands still while its memory is copied (the report says for how long),
        then goes on; the rest is done on the copy.

        Options:
          --all          list every way (default: the 12 that retain the most)
          --contents     write out the text keys of dicts: they are contents of the program, which are left out otherwise
          --fork, --no-fork
                         whether a running program forks and its frozen child is read: it stands still for less long
                         (default: from 256 MB on)
          --no-pause     read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR  of a core: the directory that holds the files of the process
          --json         print JSON (docs/formats/why-json.md) instead: every way
          -h, --help     show this text

        Examples:
          hognose why 4711 app.models.User
          hognose why 4711 dict --all
          hognose why 4711 0x7f31c8a4d2c0 --contents

        Exit status: 0; 2 when the process cannot be read, is not a Python that we know, or holds no such object.

        """;

    private int Explain(ParseResult parsed, Terminal terminal)
    {
        var source = HeapSource.Parse(parsed.GetValue(_pid)!, parsed.GetValue(_sysroot), _way.Of(parsed));
        var what = parsed.GetValue(_what)!;
        using var reading = HeapReading.Of(source, Limits.Default, CancellationToken.None, work: terminal, columns: HeapColumns.None, asksForBirths: true);
        var holders = ObjectChoice.Parse(what) is { } address
            ? HoldersOfType.OfObject(reading.Heap, address, ContentsChoice.Of(parsed.GetValue(_keys), reading, terminal))
                ?? throw ObjectChoice.Absent(address)
            : HoldersOfType.Of(reading.Heap, TypeChoice.Of(reading.Heap, what, reading.Facts.Subject), ContentsChoice.Of(parsed.GetValue(_keys), reading, terminal))
                ?? throw TypeChoice.Absent(what, reading.Facts.Subject);
        if (parsed.GetValue(_json))
            HoldingJson.Write(terminal.Output, reading.Facts, holders, reading.Trouble);
        else
            HoldersReport.Write(terminal.OutputConsole(), reading.Facts, holders, parsed.GetValue(_all) ? int.MaxValue : DefaultWays, reading.Trouble);
        return 0;
    }
}
