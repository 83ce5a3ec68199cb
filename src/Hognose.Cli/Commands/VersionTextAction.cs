using System.CommandLine;
using System.CommandLine.Invocation;

namespace Hognose.Cli.Commands;

internal sealed class VersionTextAction : SynchronousCommandLineAction
{
    /// <summary>Version of this tool, as <c>Directory.Build.props</c> sets it.</summary>
    public static string Version { get; } = typeof(VersionTextAction).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"hognose {Version}");
        return 0;
    }
}
