using System.CommandLine;
using Hognose.Cli.Heaps;
using Hognose.Diagnostics;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose heap</c>: counts what a live process holds, from outside.</summary>
internal sealed class HeapCommand : HognoseVerb
{
    private readonly Argument<string> _pid = new("pid");
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 30 };
    private readonly Option<bool> _all = new("--all");
    private readonly Option<bool> _fork = new("--fork");
    private readonly Option<string?> _sysroot = new("--sysroot");
    private readonly Option<bool> _json = new("--json");

    public HeapCommand(Terminal terminal)
        : base("heap", "Count what a running program holds.")
    {
        Arguments.Add(_pid);
        Options.Add(_top);
        Options.Add(_all);
        Options.Add(_fork);
        Options.Add(_sysroot);
        Options.Add(_json);
        SetAction(parsed => Count(parsed, terminal));
    }

    public override string HelpText => """
        hognose heap: count the objects of a running Python program, or of a core file, by type

        Usage:
          hognose heap PID|CORE [options]

        Nothing is put into a running program. It stands still while its memory is copied (the report says for how long),
        then goes on; the counting is done on the copy.

        Options:
          -n, --top N    how many types to list (default: 30)
          --all          list every type
          --fork         let a running program fork and read its frozen child: it stands still for less long
          --sysroot DIR  of a core: the directory that holds the files of the process
          --json         print JSON (docs/formats/heap-json.md) instead of the table: every type, or --top N of them
          -h, --help     show this text

        Examples:
          hognose heap 4711
          hognose heap $(pgrep -f app.py) --all
          hognose heap 4711 --json | jq '.types[0]'
          sudo hognose heap 4711                        for another user's process
          hognose heap core.4711                        a core file, also compressed by gzip or zstd

        Exit status: 0; 2 when the process cannot be read or is not a Python that we know.

        """;

    private int Count(ParseResult parsed, Terminal terminal)
    {
        var source = HeapSource.Parse(parsed.GetValue(_pid)!, parsed.GetValue(_sysroot), parsed.GetValue(_fork));
        var top = parsed.GetValue(_top);
        if (top < 1)
            throw new CannotContinueException($"cannot list {top} types", "give --top a number of 1 or more");
        var isJson = parsed.GetValue(_json);
        var types = parsed.GetValue(_all) || (isJson && parsed.GetResult(_top) is null or { Implicit: true }) ? int.MaxValue : top;

        var answer = HeapOfProcess.Read(source, Limits.Default, CancellationToken.None);
        if (isJson)
            HeapJson.Write(terminal.Output, answer, types);
        else
            HeapReport.Write(terminal.OutputConsole(), answer, types);
        return 0;
    }
}
