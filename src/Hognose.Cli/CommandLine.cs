using System.CommandLine;
using Hognose.Cli.Commands;
using Hognose.Diagnostics;

namespace Hognose.Cli;

/// <summary>From arguments to an exit status: parses, runs one command, and turns every exception into one line of text.</summary>
public static class CommandLine
{
    internal const int InternalError = 70; // EX_SOFTWARE of sysexits.h: cannot be mistaken for bad input (2) or a failed program (1).
    private const int Interrupted = 130;  // 128 + SIGINT, as shells say it.

    // No response files: "@file" is an ordinary argument to Python programs.
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static int Run(string[] args, Terminal terminal)
    {
        try
        {
            var root = new HognoseCommand(terminal);
            if (args.Length == 0)
                return HelpTextAction.PrintTo(terminal.Error, root);
            var parsed = root.Parse(root.SetProgramsApart(args), Parsing);
            // Errors must not hide help: "hognose run --help" needs no script.
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpTextAction)
                throw new CannotContinueException(ParseErrorText.Of(parsed), $"see '{ParseErrorText.HelpCommand(parsed.CommandResult.Command)}'");
            var status = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = terminal.Output, Error = terminal.Error });
            terminal.Flush();
            return status;
        }
        catch (CannotContinueException trouble)
        {
            return TroubleText.Print(terminal.Error, trouble);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
#pragma warning disable CA1031 // The last line of defence: a user sees one line, never a stack trace nobody asked for.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            return Tell(terminal, bug);
        }
    }

    /// <summary>In one line.</summary>
    /// <returns>The exit status.</returns>
    public static int Tell(Terminal terminal, Exception failure)
    {
        if (Shortage.Is(failure))
            return TroubleText.Print(terminal.Error, Shortage.Trouble(failure));
        TroubleText.PrintBug(terminal.Error, failure);
        return InternalError;
    }
}
