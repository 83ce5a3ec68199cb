using System.CommandLine;
using Hognose.Cli.Heaps;
using Hognose.Diagnostics;
using Hognose.Insights.Growth;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose diff</c>: what grew between snapshots.</summary>
internal sealed class DiffCommand : HognoseVerb
{
    private readonly Argument<string[]> _sources = new("before after") { Arity = new ArgumentArity(2, 3) };
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _keys = new("--contents");
    private readonly Option<bool> _json = new("--json");

    public DiffCommand(Terminal terminal)
        : base("diff", "Say what grew between snapshots.")
    {
        Arguments.Add(_sources);
        Options.Add(_top);
        Options.Add(_keys);
        Options.Add(_json);
        SetAction(parsed => Compare(parsed, terminal));
    }

    public override string HelpText => """
        hognose diff: what grew between snapshots of a Python program

        Usage:
          hognose diff BEFORE.heap AFTER.heap [options]
          hognose diff FIRST.heap SECOND.heap THIRD.heap [options]
          hognose diff BEFORE.heap PID [options]             against the program as it is now

        Who holds what is new, and which types grew. With three, what appeared between the first two and is still there in
        the third: growth, without the coming and going of ordinary work.
        Objects are matched by address and type; snapshots of different processes are compared by type only.

        Options:
          -n, --top N  how many holders and types to list (default: 10)
          --contents   write out text keys of dicts, where the snapshot has them ('hognose snapshot --contents')
          --json       print JSON (docs/formats/diff-json.md) instead: every type
          -h, --help   show this text

        Examples:
          hognose snapshot 4711 -o before.heap; sleep 600; hognose diff before.heap 4711
          hognose diff monday.heap tuesday.heap wednesday.heap

        Exit status: 0; 2 when one of them cannot be read.

        """;

    private int Compare(ParseResult parsed, Terminal terminal)
    {
        var top = parsed.GetValue(_top);
        if (top < 1)
            throw new CannotContinueException($"cannot list {top} rows", "give --top a number of 1 or more");
        var readings = new List<HeapReading>();
        try
        {
            foreach (var source in parsed.GetValue(_sources)!)
                readings.Add(HeapReading.Of(HeapSource.Parse(source, null, null), Limits.Default, CancellationToken.None, work: terminal));
            Report(readings, top, ContentsChoice.Of(parsed.GetValue(_keys), readings[^1], terminal), parsed.GetValue(_json), terminal);
        }
        finally
        {
            readings.ForEach(reading => reading.Dispose());
        }
        return 0;
    }

    private static void Report(List<HeapReading> readings, int top, bool showsKeys, bool isJson, Terminal terminal)
    {
        var areOneProcess = readings.TrueForAll(reading =>
            reading.Facts.ProcessId == readings[0].Facts.ProcessId && reading.Facts.PythonVersion == readings[0].Facts.PythonVersion);
        if (readings.Count > 2 && !areOneProcess)
            throw new CannotContinueException("three snapshots of different processes say nothing of what stayed", "give snapshots of one process, or two");
        var diff = readings.Count > 2
            ? HeapDiff.OfStayed(readings[0].Heap, readings[1].Heap, readings[2].Heap, showsKeys)
            : HeapDiff.Of(readings[0].Heap, readings[1].Heap, areOneProcess, showsKeys);
        var facts = readings.ConvertAll(reading => reading.Facts);
        if (isJson)
            DiffJson.Write(terminal.Output, facts, diff);
        else
            DiffReport.Write(terminal.OutputConsole(), facts, diff, top);
    }
}
