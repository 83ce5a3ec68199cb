using System.CommandLine;
using Hognose.Cli.Heaps;
using Hognose.Diagnostics;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose rss</c>: every resident byte of a live process.</summary>
internal sealed class RssCommand : HognoseVerb
{
    private readonly Argument<string> _pid = new("pid");
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 8 };
    private readonly Option<bool> _keys = new("--contents");
    private readonly Option<bool> _json = new("--json");

    public RssCommand(Terminal terminal)
        : base("rss", "Explain the resident memory of a running program.")
    {
        Arguments.Add(_pid);
        Options.Add(_top);
        Options.Add(_keys);
        Options.Add(_json);
        SetAction(parsed => Explain(parsed, terminal));
    }

    public override string HelpText => """
        hognose rss: where every byte of a running Python program's resident memory is, and what to do about it

        Usage:
          hognose rss PID [options]

        Objects and what they own, free blocks in pymalloc's arenas and what keeps the arenas, malloc's free memory and
        what malloc_trim would give back, memory of C code by library, stacks, libraries, files: the sum is what the
        kernel counts, to the byte. It begins with a verdict: a leak, garbage, fragmentation, retention, native memory.
        Nothing is put into the program. It stands still while its memory is copied (the report says for how long),
        then goes on; the rest is done on the copy.

        Options:
          -n, --top N  how many rows a table has at most (default: 8)
          --contents   write out the text keys of dicts: they are contents of the program, which are left out otherwise
          --json       print JSON (docs/formats/rss-json.md) instead
          -h, --help   show this text

        Examples:
          hognose rss 4711
          hognose rss $(pgrep -f app.py) --top 20
          hognose rss 4711 --json | jq '.verdict.kind'

        Exit status: 0; 2 when the process cannot be read or is not a Python that we know.

        """;

    private int Explain(ParseResult parsed, Terminal terminal)
    {
        var processId = ProcessArgument.Parse(parsed.GetValue(_pid)!);
        var top = parsed.GetValue(_top);
        if (top < 1)
            throw new CannotContinueException($"cannot list {top} rows", "give --top a number of 1 or more");
        var (answer, facts, trouble) = ResidentReading.Of(processId, parsed.GetValue(_keys), Limits.Default, CancellationToken.None);
        if (parsed.GetValue(_json))
            ResidentJson.Write(terminal.Output, facts, answer, trouble);
        else
            ResidentReport.Write(terminal.OutputConsole(), facts, answer, top, trouble);
        return 0;
    }
}
