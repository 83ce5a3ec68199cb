using System.CommandLine;
using Hognose.Cli.Recordings;
using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose export</c>: a recording for other tools.</summary>
internal sealed class ExportCommand : HognoseVerb
{
    private const string StandardOutput = "-";

    private readonly Argument<string> _file = new("file");
    private readonly Option<string> _to = new("--to") { Required = true };
    private readonly Option<string?> _output = new("--output", "-o");
    private readonly RecordingSelection _selection = new();
    private readonly FamilySelection _family = new();

    public ExportCommand(Terminal terminal)
        : base("export", "Write a recording for other tools.")
    {
        _to.AcceptOnlyFromAmong([.. ExportFormat.All.Select(format => format.Name)]);
        Arguments.Add(_file);
        Options.Add(_to);
        Options.Add(_output);
        _selection.AddTo(this);
        _family.AddTo(this);
        SetAction(parsed => Export(parsed, terminal));
    }

    public override string HelpText => """
        hognose export: write a recording in a format that other tools read

        Usage:
          hognose export FILE.alloc --to FORMAT [-o OUT] [options]

        Formats; docs/formats/ has a page for each (export-pprof.md ...):
          pprof          for go tool pprof, Pyroscope, Parca: gzipped profile.proto with the sample types of Go's heap
                         profile, alloc_objects, alloc_space, inuse_objects and inuse_space
          speedscope     for speedscope.app: a profile for each view
          folded         a line a stack and its bytes, for flamegraph.pl and inferno
          csv            a row a stack with all its figures
          json           every stack with all its figures, and the timeline
          chrome-trace   for Perfetto and chrome://tracing: heap and RSS over time, and the tree of calls

        Which figure, where the format has room for one; for pprof, what is in use; for others, what comes first:
          --view high-water              what was held when the whole program held the most (default)
          --view leaks, --leaks          what was still held at the end: when Python began to shut down
          --view temporary, --temporary  what was freed before its thread made another allocation (not for pprof)
          --view all, --all              what was allocated in all, freed or not
          --view growth, --growth        with --since T: what was allocated after T and is still held

        Options:
          -o, --output OUT   where to write it; - is standard output (default: the recording's name with another ending,
                             in this directory)
          --family           also the processes that the program started: each stack begins with its process
          --module GLOB      only what modules whose name fits allocated themselves; may be given several times
          --since, --until, --at T, --thread WHO  only a part of the recording, as with 'hognose show'
          -h, --help         show this text

        Examples:
          hognose export hognose-app.4711.alloc --to pprof
          hognose export hognose-app.4711.alloc --to folded --leaks -o - | flamegraph.pl --countname=bytes > leaks.svg

        Exit status: 0; 2 when the file cannot be read, is not a recording, or OUT cannot be written.

        """;

    private int Export(ParseResult parsed, Terminal terminal)
    {
        var file = parsed.GetValue(_file)!;
        var format = ExportFormat.All.Single(one => one.Name == parsed.GetValue(_to));
        var recording = _family.ReadAsOne(parsed, file, _selection, byProcess: true, terminal, withC: true);
        var view = _selection.View(parsed) ?? (recording.Facts.Tracemalloc is null ? RecordingView.HighWater : RecordingView.Leaks);
        var name = parsed.GetValue(_output) ?? Path.GetFileName(file.EndsWith(".alloc", StringComparison.Ordinal) ? file[..^".alloc".Length] : file) + format.Ending;
        if (name == StandardOutput)
        {
            terminal.WriteBytes(stream => format.Write(stream, recording, view));
            return 0;
        }
        using (var output = WholeFile.Create(name, name, $"{format.Name} file"))
            output.Keep(name, stream => format.Write(stream, recording, view));
        TroubleText.PrintNotice(terminal.Error, $"wrote {name}; next: {format.Next.Replace("{0}", Names.ShellWord(name), StringComparison.Ordinal)}");
        return 0;
    }
}
