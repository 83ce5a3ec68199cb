using System.CommandLine;
using System.Globalization;
using Hognose.Cli.Heaps;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Insights.Heaps;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose snapshot</c>: keeps a heap in a file, to be asked later and elsewhere.</summary>
internal sealed class SnapshotCommand : HognoseVerb
{
    private const int UsualKey = 40;

    private readonly Argument<string> _what = new("pid");
    private readonly Option<string?> _output = new("--output", "-o");
    private readonly CopyWayOptions _way = new();
    private readonly Option<string?> _sysroot = new("--sysroot");
    private readonly Option<bool> _redact = new("--redact");
    private readonly Option<int?> _contents = new("--contents") { Arity = ArgumentArity.ZeroOrOne };

    public SnapshotCommand(Terminal terminal)
        : base("snapshot", "Keep the heap of a running program in a file.")
    {
        Arguments.Add(_what);
        Options.Add(_output);
        Options.Add(_contents);
        Options.Add(_redact);
        _way.AddTo(this);
        Options.Add(_sysroot);
        SetAction(parsed => Take(parsed, terminal));
    }

    public override string HelpText => """
        hognose snapshot: keep the heap of a running Python program in a file

        Usage:
          hognose snapshot PID [-o FILE.heap] [options]
          hognose snapshot CORE [-o FILE.heap] [options]    of a core file

        Every object with its type, size and references, and the modules and variables that hold them. Every question about
        a running program can be asked of the file instead, later and on another machine: heap, biggest, why, diff, cycles …
        Values of strings and numbers are not in the file; names of types, attributes and variables are.
        Nothing is put into the program. It stands still while its memory is copied (the report says for how long).
        Where another hognose records it (run, attach, record()), that one is asked where objects were allocated, and when.

        Options:
          -o, --output FILE  where to write it (default: hognose-NAME.PID.heap, here)
          --contents[=N]     keep contents of the program, too: text keys of dicts, strings, bytes (up to N characters
                             of each: 40), numbers
          --redact           turn names of attributes, variables, threads and tasks into hashes; those of modules,
                             types, functions and files stay
          --fork, --no-fork  whether a running program forks and its frozen child is read: it stands still for less long
                             (default: from 256 MB on)
          --no-pause         read a running program while it runs on: it never stands still, and figures are approximate
          --sysroot DIR      of a core: the directory that holds the files of the process
          -h, --help         show this text

        Examples:
          hognose snapshot 4711
          hognose snapshot 4711 -o before.heap; sleep 600; hognose snapshot 4711 -o after.heap
          hognose diff before.heap after.heap

        Exit status: 0; 2 when the process cannot be read, is not a Python that we know, or the file cannot be written.

        """;

    private int Take(ParseResult parsed, Terminal terminal)
    {
        var path = parsed.GetValue(_output);
        var longestKey = parsed.GetResult(_contents) is null ? 0 : parsed.GetValue(_contents) ?? UsualKey;
        if (longestKey < 0)
            throw new CannotContinueException($"cannot keep {longestKey} characters", "give --contents a number of 1 or more");
        var redacts = parsed.GetValue(_redact);
        if (redacts && longestKey > 0)
            throw new CannotContinueException("--redact hides names and --contents shows what they hold", "give one of them");
        using var file = WholeFile.Create(path, "hognose.heap", "snapshot");
        var source = HeapSource.Parse(parsed.GetValue(_what)!, parsed.GetValue(_sysroot), _way.Of(parsed));
        Keep(file, source, facts => path ?? NameOf(facts, ""), longestKey, redacts ? Redaction.WithNewKey() : Redaction.None, terminal);
        return 0;
    }

    /// <summary>Takes a snapshot, and says what is in it.</summary>
    /// <param name="file">Gets it.</param>
    /// <param name="source">Of what.</param>
    /// <param name="nameOf">The name of the file, from what is known by then.</param>
    /// <param name="longestKey">Characters of contents; 0 leaves them out.</param>
    /// <param name="redaction">Of names.</param>
    /// <param name="terminal">For the report.</param>
    /// <exception cref="CannotContinueException">It can't be read, or not be written.</exception>
    public static void Keep(WholeFile file, HeapSource source, Func<HeapFacts, string> nameOf, int longestKey, Redaction redaction, Terminal terminal)
    {
        using var reading = HeapReading.Of(source, Limits.Default, CancellationToken.None, readsAccount: true, terminal, asksForBirths: true);
        var name = nameOf(reading.Facts);
        var snapshot = reading.ToFile(VersionTextAction.Version, longestKey, redaction, CancellationToken.None);
        terminal.Begin("writing the snapshot");
        long length = 0;
        file.Keep(name, stream =>
        {
            HeapFileWriter.Write(stream, snapshot, terminal.Part);
            length = stream.CanSeek ? stream.Position : 0;
        });
        SnapshotReport.Write(terminal.ErrorConsole(), reading.Facts, name, length, snapshot, reading.Trouble);
    }

    /// <param name="facts">Of the program.</param>
    /// <param name="more">Of which of its snapshots it is.</param>
    public static string NameOf(HeapFacts facts, string more) =>
        string.Create(CultureInfo.InvariantCulture, $"hognose-{Safe(facts.ProgramName)}.{facts.ProcessId}{(more.Length > 0 ? "." : "")}{Safe(more)}.heap");

    internal static string Safe(string name) => string.Concat(name.Select(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_' or '.' ? each : '_'));
}
