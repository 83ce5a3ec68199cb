using System.CommandLine;
using Hognose.Diagnostics;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose tree</c>: what retains what, level by level.</summary>
internal sealed class TreeCommand : HeapQuestion
{
    private const int DeepestShown = 64;

    private readonly Argument<string?> _object = new("object") { Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int> _depth = new("--depth", "-d") { DefaultValueFactory = _ => 3 };
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 5 };
    private readonly Option<bool> _keys = new("--contents");

    public TreeCommand(Terminal terminal)
        : base("tree", "Show level by level what keeps what alive.", terminal)
    {
        Arguments.Add(_object);
        Options.Add(_depth);
        Options.Add(_top);
        Options.Add(_keys);
    }

    public override string HelpText => """
        hognose tree: what keeps what alive in a running Python program, level by level

        Usage:
          hognose tree PID|FILE.heap|CORE [options]            from all that is held
          hognose tree PID|FILE.heap|CORE 0xADDRESS [options]  from one object, by the address that another report gave

        Beneath each object stands what would be freed with it, the biggest first, with how it refers to that
        ("(several ways)": not it alone does, but what it holds). The dict of an instance's attributes is no level.

        Options:
          -d, --depth N  levels shown (default: 3)
          -n, --top N    objects shown beneath each (default: 5); the rest, and what would show as 0.0 %, is summed in one line
          --contents     write out the text keys of dicts: they are contents of the program, which are left out otherwise
          --fork, --no-fork
                         whether a running program forks and its frozen child is read: it stands still for less long
                         (default: from 256 MB on)
          --no-pause     read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR  of a core: the directory that holds the files of the process
          --json         print JSON (docs/formats/tree-json.md) instead
          -h, --help     show this text

        Examples:
          hognose tree 4711
          hognose tree 4711 0x7f31c8a4d2c0 --depth 6 --top 3
          hognose tree 4711 --json | jq '.top.parts[0]'

        Exit status: 0; 2 when the process cannot be read, is not a Python that we know, or holds no such object.

        """;

    protected override int Answer(ParseResult parsed, Terminal terminal)
    {
        var top = Positive(parsed, _top, "objects");
        var depth = Math.Min(DeepestShown, Positive(parsed, _depth, "levels"));
        var address = parsed.GetValue(_object) is { } what ? ObjectChoice.Address(what) : (ulong?)null;
        using var reading = Read(parsed);
        var tree = RetainedTree.Of(reading.Heap, address, depth, top, ContentsChoice.Of(parsed.GetValue(_keys), reading, terminal)) ?? throw Absent(reading.Heap, address!.Value);
        if (IsJson(parsed))
            TreeJson.Write(terminal.Output, reading.Facts, tree, reading.Trouble);
        else
            TreeReport.Write(terminal.OutputConsole(), HeapOf(parsed), reading.Facts, tree, reading.Trouble);
        return 0;
    }

    private static CannotContinueException Absent(HeldHeap heap, ulong address) => heap.Graph.TryFind(address, out var node)
        ? new CannotContinueException($"nothing holds the object at 0x{address:x}", heap.Unheld.WordsOf(node))
        : ObjectChoice.Absent(address);
}
