using Hognose.Targets.Launch;

namespace Hognose.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        // First of all: later .NET has changed them.
        InheritedSignals.Remember();
        return CommandLine.Run(args, Terminal.Standard);
    }
}
