using System.CommandLine;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose refs</c>: what refers to an object and what it refers to.</summary>
internal sealed class RefsCommand : HeapQuestion
{
    private readonly Argument<string> _object = new("object");
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 20 };
    private readonly Option<bool> _keys = new("--contents");

    public RefsCommand(Terminal terminal)
        : base("refs", "List what refers to an object and what it refers to.", terminal)
    {
        Arguments.Add(_object);
        Options.Add(_top);
        Options.Add(_keys);
    }

    public override string HelpText => """
        hognose refs: what refers to an object of a running Python program, and what it refers to, by name

        Usage:
          hognose refs PID|FILE.heap|CORE 0xADDRESS [options]   the address as another report gave it

        Each reference is named as Python code would write it: .rows, [17], local rows. "→" is a reference that
        Python code cannot write. A weak reference holds nothing and is marked.

        Options:
          -n, --top N  how many to list in each direction, the biggest first (default: 20)
          --contents   write out the text keys of dicts: they are contents of the program, which are left out otherwise
          --fork, --no-fork
                       whether a running program forks and its frozen child is read: it stands still for less long
                       (default: from 256 MB on)
          --no-pause   read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR
                       of a core: the directory that holds the files of the process
          --json       print JSON (docs/formats/refs-json.md) instead
          -h, --help   show this text

        Examples:
          hognose refs 4711 0x7f31c8a4d2c0
          hognose refs 4711 0x7f31c8a4d2c0 --json | jq '.referrers.shown[].name'

        Exit status: 0; 2 when the process cannot be read, is not a Python that we know, or holds no such object.

        """;

    protected override int Answer(ParseResult parsed, Terminal terminal)
    {
        var top = Positive(parsed, _top, "references");
        var address = ObjectChoice.Address(parsed.GetValue(_object)!);
        using var reading = Read(parsed);
        var references = ReferencesOfObject.Of(reading.Heap, address, top, ContentsChoice.Of(parsed.GetValue(_keys), reading, terminal)) ?? throw ObjectChoice.Absent(address);
        if (IsJson(parsed))
            ReferencesJson.Write(terminal.Output, reading.Facts, references, reading.Trouble);
        else
            ReferencesReport.Write(terminal.OutputConsole(), HeapOf(parsed), reading.Facts, references, reading.Trouble);
        return 0;
    }
}
