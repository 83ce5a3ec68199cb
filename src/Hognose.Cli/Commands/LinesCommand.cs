using System.CommandLine;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose lines</c>: the source of a recorded program with what each line allocated beside it.</summary>
internal sealed class LinesCommand : HognoseVerb
{
    private readonly Argument<string> _file = new("file");
    private readonly Argument<string?> _source = new("source") { Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _own = new("--own");
    private readonly Option<bool> _whole = new("--whole");

    public LinesCommand(Terminal terminal)
        : base("lines", "Print the source with what each line allocated.")
    {
        Arguments.Add(_file);
        Arguments.Add(_source);
        Options.Add(_own);
        Options.Add(_whole);
        SetAction(parsed => Show(parsed, terminal));
    }

    public override string HelpText => """
        hognose lines: the source of a recorded program, with what each line allocated beside it

        Usage:
          hognose lines FILE.alloc [SOURCE] [options]

        SOURCE is a file of the program or of a library, or the end of its path. Without it all files of the program's own are
        shown, the one with the most at the high-water mark first. Figures are bytes of Python's allocators, exact:

          allocated   ever, by the line and what it called
          freed       of that, what was freed before the end
          net         what was still held at the end
          at peak     what was held when the whole program held the most

        Options:
          --own        only what a line allocated itself, not what it called; then lines add up
          --whole      every line of the file, not only those with figures and the ones around them
          -h, --help   show this text

        Examples:
          hognose lines hognose-app.4711.alloc
          hognose lines hognose-app.4711.alloc cache.py --own
          hognose lines hognose-app.4711.alloc json/decoder.py

        Exit status: 0; 2 when the file cannot be read, is not a recording, or doesn't know the source.

        """;

    private int Show(ParseResult parsed, Terminal terminal)
    {
        var file = parsed.GetValue(_file)!;
        if (file.EndsWith(".py", StringComparison.Ordinal))
            throw new CannotContinueException($"'{file}' is a program, not a recording of it", $"record it first: 'hognose run -o x.alloc {file}', then 'hognose lines x.alloc'");
        var recording = StoredRecording.Read(file);
        var own = parsed.GetValue(_own);
        var files = SourceFile.Choose(SourceLines.Of(recording, own), parsed.GetValue(_source));
        SourceLinesReport.Write(
            terminal.OutputConsole(), recording.Facts, files, name => SourceFile.Read(name, recording.Facts.StartedAt), Environment.CurrentDirectory, own, parsed.GetValue(_whole));
        return 0;
    }
}
