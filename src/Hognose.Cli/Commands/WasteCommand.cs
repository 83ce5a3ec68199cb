using System.CommandLine;
using Hognose.Insights.Waste;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose waste</c>: memory spent for nothing.</summary>
internal sealed class WasteCommand : HeapQuestion
{
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 12 };
    private readonly Option<bool> _all = new("--all");
    private readonly Option<bool> _keys = new("--contents");

    public WasteCommand(Terminal terminal)
        : base("waste", "Find memory that is spent for nothing.", terminal)
    {
        Options.Add(_top);
        Options.Add(_all);
        Options.Add(_keys);
    }

    public override string HelpText => """
        hognose waste: memory that a running Python program spends for nothing, and what could be saved

        Usage:
          hognose waste PID|FILE.heap|CORE [options]

        Looks for equal strings and bytes kept several times, containers more than half of whose storage is spare,
        instances whose dict could be slots, lists of numbers that could be an array, small views that keep a large buffer,
        and containers without items.
        Each with the bytes that it would save, an example held as most are, and who holds that. ~ marks an estimate.
        Contents are compared by hashes while they are read; they are not shown and not stored.

        Options:
          -n, --top N  how many findings to list, the largest saving first (default: 12)
          --all        list every finding
          --contents   write out the text keys of dicts in the ways to examples: they are left out otherwise
          --fork, --no-fork
                       whether a running program forks and its frozen child is read: it stands still for less long
                       (default: from 256 MB on)
          --no-pause   read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR
                       of a core: the directory that holds the files of the process
          --json       print JSON (docs/formats/waste-json.md) instead: every finding
          -h, --help   show this text

        Examples:
          hognose waste 4711
          hognose waste 4711 --json | jq '.findings[] | select(.kind == "equal_contents")'

        Exit status: 0; 2 when the process cannot be read or is not a Python that we know.

        """;

    protected override int Answer(ParseResult parsed, Terminal terminal)
    {
        var top = parsed.GetValue(_all) ? int.MaxValue : Positive(parsed, _top, "findings");
        using var reading = Read(parsed);
        var waste = HeapWaste.Of(reading.HeapWithContents(), ContentsChoice.Of(parsed.GetValue(_keys), reading, terminal));
        if (IsJson(parsed))
            WasteJson.Write(terminal.Output, reading.Facts, waste, reading.Trouble);
        else
            WasteReport.Write(terminal.OutputConsole(), HeapOf(parsed), reading.Facts, waste, top, reading.Trouble);
        return 0;
    }
}
