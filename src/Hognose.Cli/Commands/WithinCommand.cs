using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Hognose.Cli.Attaching;
using Hognose.Cli.Heaps;
using Hognose.Diagnostics;
using Hognose.Insights.Holding;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Commands;

/// <summary>
/// <c>hognose within</c>, which the package's <c>snapshot</c>, <c>why</c> … start: answers a question about its parent from a frozen copy that the parent
/// makes of itself. What the two say to each other: "ready"; "look", "looked" (the parent stands still from here on); "PID NANOSECONDS" (the
/// copy is there, the parent goes on); "copied" (the copy may go); the answer.
/// </summary>
internal sealed class WithinCommand : HognoseVerb
{
    private readonly Argument<string> _question = new("question");
    private readonly Argument<string?> _object = new("object") { Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _package = new("--package") { Required = true };
    private readonly Option<string?> _output = new("--output", "-o");
    private readonly Option<int> _top = new("--top", "-n") { DefaultValueFactory = _ => 15 };
    private readonly Option<int> _depth = new("--depth", "-d") { DefaultValueFactory = _ => 3 };
    private readonly Option<bool> _keys = new("--contents");
    private readonly Option<string> _mark = new("--mark") { DefaultValueFactory = _ => "" };
    private readonly Option<string?> _recorder = new("--recorder");

    public WithinCommand(Terminal terminal)
        : base("within", "Answer a question of the program that starts this about itself.")
    {
        Hidden = true;
        _question.AcceptOnlyFromAmong("snapshot", "why", "retained", "biggest", "rss");
        Arguments.Add(_question);
        Arguments.Add(_object);
        foreach (var option in (Option[])[_package, _output, _top, _depth, _keys, _mark, _recorder])
            Options.Add(option);
        SetAction(parsed => Ask(parsed, terminal));
    }

    public override string HelpText => """
        hognose within: answers a question of the Python program that starts it about itself; hognose.why() of the package does

        Usage:
          hognose within snapshot|why|retained|biggest|rss [0xADDRESS] --package DIR [options]

        Options:
          --package DIR      the folder of the package, whose own variables are no answer
          -o, --output FILE  where to keep a snapshot
          -n, --top N        rows of a table
          -d, --depth N      levels of a tree
          --contents         write out the text keys of dicts
          --mark NAME        of which moment a snapshot is, for the name of its file
          --recorder TOOL:NONCE
                             the hognose that records the program: it is asked where objects were allocated
          -h, --help         show this text

        """;

    private int Ask(ParseResult parsed, Terminal terminal)
    {
        var question = parsed.GetValue(_question)!;
        var address = parsed.GetValue(_object) is { } what ? ObjectChoice.Address(what) : 0;
        var answer = new AnswerFromWithin(terminal, parsed.GetValue(_top), parsed.GetValue(_depth), parsed.GetValue(_keys), parsed.GetValue(_output), parsed.GetValue(_mark)!);
        using var input = new StreamReader(Console.OpenStandardInput());
        Say(terminal, "ready");
        if (input.ReadLine() != "look")
            throw new CannotContinueException("nobody asks", "this command is for the Python package: hognose.why(obj), hognose.biggest() …");
        var look = OwnLook.At(ParentProcessId(), readsAccount: question == "rss", Limits.Default);
        using var births = parsed.GetValue(_recorder) is { } recorder ? BirthsAt(recorder, look.ProcessId) : null;
        // The program holds the GIL until it is copied: no object comes or goes in between.
        births?.Note();
        Say(terminal, "looked");
        if (!FrozenCopyLine.TryParse(input.ReadLine(), out var copyId, out var pause))
            throw new CannotContinueException("the program made no copy of itself", "");
        var within = new AskedFromWithin(parsed.GetValue(_package)!.TrimEnd('/') + "/", address);
        if (question == "rss")
            answer.Rss(look, (limits, trouble, cancellation) => Copy(copyId, look, pause, terminal, limits, trouble, cancellation));
        else
            answer.OfHeap(question, address, within, (limits, trouble, cancellation) => Copy(copyId, look, pause, terminal, limits, trouble, cancellation), births);
        return 0;
    }

    /// <summary>Null: it is not to be reached.</summary>
    private static RecordedBirths? BirthsAt(string recorder, int process) =>
        recorder.Split(':') is [var tool, var nonce] && int.TryParse(tool, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && ulong.TryParse(nonce, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? RecordedBirths.To(id, number, process, ProcStatus.OwnUser)
            : null;

    private static (Targets.Copying.MemoryCopy, CPython.Runtime.PythonRuntime, Func<Insights.Heaps.HeapFacts>) Copy(
        int copyId, OwnLook look, TimeSpan pause, Terminal terminal, Limits limits, DiagnosticBag trouble, CancellationToken cancellation)
    {
        var copy = HeapFromWithin.Copy(copyId, look, pause, limits, trouble, cancellation);
        Say(terminal, "copied");
        return copy;
    }

    private static void Say(Terminal terminal, string line)
    {
        terminal.Output.Write(line + "\n");
        terminal.Flush();
    }

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentProcessId();
}
