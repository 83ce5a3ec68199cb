using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Hognose.Cli.Attaching;
using Hognose.Cli.Heaps;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose mark</c>: gives a moment of a recording that goes on a name.</summary>
internal sealed class MarkCommand : HognoseVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Argument<string> _process = new("pid");
    private readonly Argument<string?> _name = new("name") { Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _objects = new("--objects");
    private readonly Option<string?> _output = new("--output", "-o");

    public MarkCommand(Terminal terminal)
        : base("mark", "Give a moment of a recording that goes on a name.")
    {
        Arguments.Add(_process);
        Arguments.Add(_name);
        Options.Add(_objects);
        Options.Add(_output);
        SetAction(parsed => Mark(parsed, terminal));
    }

    public override string HelpText => """
        hognose mark: give this moment of a program that is being recorded a name

        Usage:
          hognose mark PID [NAME] [options]

        PID is the program's, which 'hognose run', 'hognose attach' or hognose.record() records. Commands that read the
        recording take the name where they take a time: --since NAME, --until NAME, --at NAME. Of several marks with
        one name that is the last; NAME#2 is the second. Without a name it is 'mark 1', 'mark 2' ...
        The program can do it itself: hognose.mark("warmed up").

        Options:
          --objects           also keep a snapshot of this moment, which knows where each object was allocated: 'hognose heap
                              FILE.heap --by site' says what types each line's memory is, 'hognose why' who holds it.
                              The program stands still while its memory is copied
          -o, --output FILE   where to write that (default: hognose-NAME.PID.MARK.heap, here)
          -h, --help          show this text

        Examples:
          hognose mark 4711 'warmed up'                 then: hognose show hognose-app.4711.alloc --growth --since 'warmed up'
          hognose mark 4711 before; sleep 60; hognose mark 4711 after
          hognose mark 4711 peak --objects

        Exit status: 0; 2 when the process is not being recorded, or not by somebody who can be asked.

        """;

    private int Mark(ParseResult parsed, Terminal terminal)
    {
        var path = parsed.GetValue(_output);
        var takesObjects = parsed.GetValue(_objects);
        if (path is not null && !takesObjects)
            throw new CannotContinueException("-o says where a snapshot goes, and none was asked for", "give --objects, too");
        var process = TargetProcess.Open(ProcessArgument.Parse(parsed.GetValue(_process)!));
        var name = parsed.GetValue(_name) is { } given ? Checked(given) : "";
        using var file = takesObjects ? WholeFile.Create(path, "hognose.heap", "snapshot") : null;
        var mark = Ask(process, name);
        TroubleText.PrintNotice(terminal.Error, string.Create(CultureInfo.InvariantCulture, $"marked '{mark.Name}' at {mark.Nanoseconds / 1e9:0.000} s of the recording of {process.Display}"));
        if (file is not null)
            SnapshotCommand.Keep(file, HeapSource.OfProcess(process.Id), facts => path ?? SnapshotCommand.NameOf(facts, mark.Name), longestKey: 0, Redaction.None, terminal);
        return 0;
    }

    private static string Checked(string name)
    {
        if (name.Length is 0 or > RecordingMark.LongestName || name.Any(char.IsControl))
            throw new CannotContinueException($"'{name}' is no name for a mark", $"give 1 to {RecordingMark.LongestName} letters in one line");
        return !MomentArgument.TryParse(name, out _) ? name : throw new CannotContinueException($"'{name}' as a mark would be read as a time", $"put a word before it: 'at {name}'");
    }

    private static RecordingMark Ask(TargetProcess process, string name)
    {
        if (RunningRecording.Find(process, Limits.Default) is not { IsFollowed: true } recording)
            throw new CannotContinueException($"{process.Display} is not being recorded", $"'hognose attach {process.Id}' begins a recording");
        try
        {
            using var socket = RecorderLink.Connect(recording.Tool, recording.Nonce, process.ReadStatus().RealUser, Patience) ?? throw new IOException("it is not to be reached from here");
            using var stream = new NetworkStream(socket, ownsSocket: false);
            RecorderLink.WriteLine(stream, RecorderLink.MarkOf(process.Id, name));
            var answer = RecorderLink.ReadLine(stream);
            return RecorderLink.TryReadMark(answer, out var nanoseconds, out var called) ? new RecordingMark(nanoseconds, called) : throw new IOException(Refusal(answer));
        }
        catch (IOException trouble)
        {
            throw new CannotContinueException($"the hognose that records {process.Display} (pid {recording.Tool} where it runs) set no mark: {trouble.Message}", "");
        }
    }

    private static string Refusal(string answer) => answer == RecorderLink.Full
        ? string.Create(CultureInfo.InvariantCulture, $"a recording takes {RecordingMark.Most:N0} of them")
        : "it does not record this process any more";
}
