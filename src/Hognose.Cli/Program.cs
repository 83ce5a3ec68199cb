using System.Runtime.InteropServices;
using Hognose.Targets.Launch;

namespace Hognose.Cli;

internal static class Program
{
    private const int FileSizeExceeded = 25; // SIGXFSZ
    private const nint Ignore = 1;           // SIG_IGN

    private static int Main(string[] args)
    {
        // First of all: later .NET has changed them.
        InheritedSignals.Remember();
        StandardDescriptors.FillClosed();
        // A file that outgrows its limit (ulimit -f) becomes an error that is told, not our death.
        _ = Signal(FileSizeExceeded, Ignore);
        SuddenEnd.Prepare(Terminal.Standard);
        return CommandLine.Run(args, Terminal.Standard);
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Signal(int signal, nint handler);
}
