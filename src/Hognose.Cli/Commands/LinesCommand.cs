using System.CommandLine;
using Hognose.Cli.Recordings;
using Hognose.Cli.Running;
using Hognose.Diagnostics;
using Hognose.Insights.Allocations;
using Hognose.Reports;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary><c>hognose lines</c>: the source of a recorded program with what each line allocated beside it.</summary>
internal sealed class LinesCommand : HognoseVerb
{
    private readonly Argument<string> _file = new("file");
    private readonly Argument<string[]> _rest = new("rest") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _own = new("--own");
    private readonly Option<bool> _whole = new("--whole");
    private readonly Option<string[]> _function = new("--function") { AllowMultipleArgumentsPerToken = false };
    private readonly Option<string[]> _module = new("--module") { AllowMultipleArgumentsPerToken = false };
    private readonly Option<string> _python = new("--python");
    private readonly Option<bool> _json = new("--json");
    private readonly Option<bool> _compat = new("--compat");

    public LinesCommand(Terminal terminal)
        : base("lines", "Print the source with what each line allocated.")
    {
        Arguments.Add(_file);
        Arguments.Add(_rest);
        Options.Add(_own);
        Options.Add(_whole);
        Options.Add(_function);
        Options.Add(_module);
        Options.Add(_python);
        Options.Add(_json);
        Options.Add(_compat);
        SetAction(parsed => Show(parsed, terminal));
    }

    public override string HelpText => """
        hognose lines: the source of a program, with what each line allocated beside it

        Usage:
          hognose lines FILE.alloc [SOURCE] [options]
          hognose lines [--function GLOB] [--module GLOB] script.py [args ...]

        SOURCE is a file of the program or of a library, or the end of its path. Without it all files of the program's own are
        shown, the one with the most at the high-water mark first. Figures are bytes of Python's allocators, exact:

          allocated   ever, by the line and what it called
          freed       of that, what was freed before the end
          net         what was still held at the end
          at peak     what was held when the whole program held the most

        Options:
          --own        only what a line allocated itself, not what it called; then lines add up
          --whole      every line of the file, not only those with figures and the ones around them
          --json       print JSON (docs/formats/lines-json.md) instead: all files of the program's own, or SOURCE
          -h, --help   show this text

        A script is run, and every function of it is profiled as if it stood under @hognose.profile; nothing in it need be
        changed, and its Python needs no package. The tables follow when it ends:

          --function GLOB   only functions whose name fits, as 'load*' or 'Cache.*'; may be given several times
          --module GLOB     functions of modules whose name fits instead of the script's own; may be given several times
          --python EXE      the interpreter (default: the active virtualenv's python, else python3 on PATH)
          --compat          our memory_profiler and pympler also where the originals are installed; else where they are not

        Examples:
          hognose lines hognose-app.4711.alloc
          hognose lines hognose-app.4711.alloc cache.py --own
          hognose lines hognose-app.4711.alloc json/decoder.py
          hognose lines --function 'load*' app.py --port 8000
          hognose lines --module 'app.*' --module __main__ app.py

        Exit status: 0; 2 when the file cannot be read, is not a recording, or doesn't know the source. A
        script's own status.

        """;

    private int Show(ParseResult parsed, Terminal terminal)
    {
        var file = parsed.GetValue(_file)!;
        var rest = parsed.GetValue(_rest) ?? [];
        if (IsScript(file))
            return Profile(parsed, file, rest, terminal);
        if (parsed.GetValue(_function) is { Length: > 0 } || parsed.GetValue(_module) is { Length: > 0 } || parsed.GetValue(_compat))
            throw new CannotContinueException($"--function, --module and --compat are for scripts, and '{file}' is none", "give the path of a script that ends in .py");
        if (rest.Length > 1)
            throw new CannotContinueException($"one source at a time: '{rest[1]}' is too much", "see 'hognose lines --help'");
        var recording = StoredRecording.Read(file).OfPython();
        var own = parsed.GetValue(_own);
        var files = SourceFile.Choose(SourceLines.Of(recording, own), rest.FirstOrDefault());
        if (parsed.GetValue(_json))
            SourceLinesJson.Write(terminal.Output, recording.Facts, files, own);
        else
            SourceLinesReport.Write(
                terminal.OutputConsole(), recording.Facts, files, name => SourceFile.Read(name, recording.Facts.StartedAt), CurrentFolder.Path, own, parsed.GetValue(_whole));
        return 0;
    }

    /// <summary>Puts "--" behind a script, so that what follows is the script's and not ours.</summary>
    public string[] SetProgramApart(string[] args)
    {
        if (args.Length == 0 || args[0] != Name || args.Contains("--"))
            return args;
        for (var i = 1; i < args.Length; i++)
        {
            if (args[i] is "--function" or "--module" or "--python")
                i++;
            else if (!args[i].StartsWith('-'))
                return IsScript(args[i]) ? [.. args[..i], "--", .. args[i..]] : args;
        }
        return args;
    }

    private int Profile(ParseResult parsed, string script, string[] arguments, Terminal terminal)
    {
        if (parsed.GetValue(_own) || parsed.GetValue(_whole) || parsed.GetValue(_json))
            throw new CannotContinueException("--own, --whole and --json are for recordings", "leave them out, or record the script first: 'hognose run'");
        if (!File.Exists(script))
            throw new CannotContinueException($"no script '{script}'", "check the path; it is taken from the current directory");
        List<string> options = [];
        foreach (var glob in parsed.GetValue(_function) ?? [])
            options.Add($"--function={glob}");
        foreach (var glob in parsed.GetValue(_module) ?? [])
            options.Add($"--module={glob}");
        return PackageRun.Run(terminal, parsed.GetValue(_python), "hognose._lines", parsed.GetValue(_compat), options, [script, .. arguments]);
    }

    private static bool IsScript(string word) => word.EndsWith(".py", StringComparison.Ordinal);
}
