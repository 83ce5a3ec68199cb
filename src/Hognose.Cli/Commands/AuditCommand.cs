using System.CommandLine;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose audit</c>: reference counts against references.</summary>
internal sealed class AuditCommand : HeapQuestion
{
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 20 };
    private readonly Option<bool> _all = new("--all");

    public AuditCommand(Terminal terminal)
        : base("audit", "Find objects that C code holds.", terminal)
    {
        Options.Add(_top);
        Options.Add(_all);
    }

    public override string HelpText => """
        hognose audit: which objects of a running Python program C code holds, and how many

        Usage:
          hognose audit PID|FILE.heap|CORE [options]

        Holds each object's reference count against the references that lead to it. What Python objects and running
        functions do not explain, C code holds: a C extension that forgets to give references back leaves ever more
        objects of a type that it holds alone. The interpreter's own C code holds some hundred objects in any program.
        What the counts cannot tell (immortal objects, interned strings) is counted apart.

        Options:
          -n, --top N  how many types to list, those that keep the most alive first (default: 20)
          --all        list every type
          --fork, --no-fork
                       whether a running program forks and its frozen child is read: it stands still for less long
                       (default: from 256 MB on)
          --no-pause   read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR
                       of a core: the directory that holds the files of the process
          --json       print JSON (docs/formats/audit-json.md) instead: every type
          -h, --help   show this text

        Examples:
          hognose audit 4711
          hognose audit 4711 --json | jq '.types[] | select(.alone > 100)'

        Exit status: 0; 2 when the process cannot be read or is not a Python that we know.

        """;

    protected override int Answer(ParseResult parsed, Terminal terminal)
    {
        var top = parsed.GetValue(_all) ? int.MaxValue : Positive(parsed, _top, "types");
        using var reading = Read(parsed);
        var audit = ReferenceAudit.Of(reading.Heap);
        if (IsJson(parsed))
            AuditJson.Write(terminal.Output, reading.Facts, audit, reading.Trouble);
        else
            AuditReport.Write(terminal.OutputConsole(), HeapOf(parsed), reading.Facts, audit, top, reading.Trouble);
        return 0;
    }
}
