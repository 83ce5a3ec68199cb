using System.CommandLine;
using Hognose.Insights.Resident;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose rss</c>: every resident byte of a process.</summary>
internal sealed class RssCommand : HeapQuestion
{
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 8 };
    private readonly Option<bool> _keys = new("--contents");

    public RssCommand(Terminal terminal)
        : base("rss", "Explain the resident memory of a running program.", terminal)
    {
        Options.Add(_top);
        Options.Add(_keys);
    }

    public override string HelpText => """
        hognose rss: where every byte of a running Python program's resident memory is, and what to do about it

        Usage:
          hognose rss PID|FILE.heap|CORE [options]

        Objects and what they own, free blocks in pymalloc's arenas and what keeps the arenas, malloc's free memory and
        what malloc_trim would give back, memory of C code by library, stacks, libraries, files: the sum is what the
        kernel counts, to the byte. It begins with a verdict: a leak, garbage, fragmentation, retention, native memory.
        Nothing is put into the program. It stands still while its memory is copied (the report says for how long),
        then goes on; the rest is done on the copy. A core knows only what was dumped: the report says what that leaves out.

        Options:
          -n, --top N  how many rows a table has at most (default: 8)
          --contents   write out the text keys of dicts: they are contents of the program, which are left out otherwise
          --fork, --no-fork
                       whether a running program forks and its frozen child is read: it stands still for less long
                       (default: from 256 MB on)
          --no-pause   read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR
                       of a core: the directory that holds the files of the process
          --json       print JSON (docs/formats/rss-json.md) instead
          -h, --help   show this text

        Examples:
          hognose rss 4711
          hognose rss $(pgrep -f app.py) --top 20
          hognose rss monday.heap
          hognose rss 4711 --json | jq '.verdict.kind'

        Exit status: 0; 2 when the process cannot be read or is not a Python that we know.

        """;

    protected override int Answer(ParseResult parsed, Terminal terminal)
    {
        var top = Positive(parsed, _top, "rows");
        using var reading = Read(parsed, readsAccount: true);
        var answer = ResidentAnswer.Of(reading.Resident, reading.Heap, ContentsChoice.Of(parsed.GetValue(_keys), reading, terminal));
        if (IsJson(parsed))
            ResidentJson.Write(terminal.Output, reading.Facts, answer, reading.Trouble);
        else
            ResidentReport.Write(terminal.OutputConsole(), reading.Facts, answer, top, reading.Trouble);
        return 0;
    }
}
