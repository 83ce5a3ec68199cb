using System.CommandLine;
using System.CommandLine.Invocation;
using Hognose.Diagnostics;

namespace Hognose.Cli.Commands;

/// <summary>A command with a help text written by hand; a test asserts that the text names every option.</summary>
internal abstract class HognoseVerb(string name, string description) : Command(name, description), IHelpful
{
    public abstract string HelpText { get; }
}

internal interface IHelpful
{
    string HelpText { get; }
}

/// <summary>Prints <see cref="IHelpful.HelpText"/> of the command that was named.</summary>
internal sealed class HelpTextAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.Write(((IHelpful)parseResult.CommandResult.Command).HelpText);
        return 0;
    }

    /// <summary>For a bare "hognose": the text goes to stderr and the status says that nothing was done.</summary>
    public static int PrintTo(TextWriter error, IHelpful command)
    {
        error.Write(command.HelpText);
        return CannotContinueException.BadInput;
    }
}
