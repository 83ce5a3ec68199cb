using System.CommandLine;
using Hognose.Insights.Waste;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose suspects</c>: the most likely causes of a program's memory.</summary>
internal sealed class SuspectsCommand : HeapQuestion
{
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 5 };
    private readonly Option<bool> _keys = new("--contents");

    public SuspectsCommand(Terminal terminal)
        : base("suspects", "Name the most likely causes of a running program's memory.", terminal)
    {
        Options.Add(_top);
        Options.Add(_keys);
    }

    public override string HelpText => """
        hognose suspects: the most likely causes of a running Python program's memory, the largest first

        Usage:
          hognose suspects PID|FILE.heap|CORE [options]

        Looks for one object that keeps a large part alive, a class with very many objects, exceptions that are kept,
        generators and coroutines that wait, many calls of one function under way, objects that only C code holds,
        garbage that waits for the collector or is frozen, memory spent for nothing, what objects own in C code or map,
        and memory that no Python object accounts for. Each with its evidence and the command that shows more. What is
        the same memory seen otherwise stands below the cause that it is part of.

        Options:
          -n, --top N  how many causes to name (default: 5)
          --contents   write out the text keys of dicts: they are contents of the program, which are left out otherwise
          --fork, --no-fork
                       whether a running program forks and its frozen child is read: it stands still for less long
                       (default: from 256 MB on)
          --no-pause   read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR
                       of a core: the directory that holds the files of the process
          --json       print JSON (docs/formats/suspects-json.md) instead
          -h, --help   show this text

        Examples:
          hognose suspects 4711
          hognose suspects 4711 --json | jq -r '.suspects[0].claim'

        Exit status: 0; 2 when the process cannot be read or is not a Python that we know.

        """;

    protected override int Answer(ParseResult parsed, Terminal terminal)
    {
        var top = Positive(parsed, _top, "causes");
        using var reading = Read(parsed, readsAccount: true);
        var suspects = HeapSuspects.Of(reading.HeapWithContents(), reading.Facts.Memory, top, ContentsChoice.Of(parsed.GetValue(_keys), reading, terminal), () => reading.ResidentIfKnown);
        if (IsJson(parsed))
            WasteJson.Write(terminal.Output, HeapOf(parsed), reading.Facts, suspects, reading.Trouble);
        else
            SuspectsReport.Write(terminal.OutputConsole(), HeapOf(parsed), reading.Facts, suspects, reading.Trouble);
        return 0;
    }
}
