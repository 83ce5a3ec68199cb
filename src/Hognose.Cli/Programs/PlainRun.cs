using Hognose.Targets.Launch;
using Hognose.Targets.Sampling;

namespace Hognose.Cli.Programs;

/// <summary>A program that is started with nothing of ours in it, and waited for; signals to us go to it.</summary>
internal static class PlainRun
{
    /// <summary>Only where the kernel cannot tell of the end: pidfd is younger than Linux 5.3.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc cref="PlainLauncher.Launch"/>
    public static ProgramExit ToEnd(string executable, IReadOnlyList<byte[]> arguments)
    {
        using var signals = new SignalForwarding();
        var launched = PlainLauncher.Launch(executable, arguments);
        signals.Begin(launched);
        ProgramExit exit;
        using (var end = new ProcessEnd(launched.ProcessId))
            while (!launched.TryWait(out exit))
                _ = end.WaitFor(BetweenLooks);
        signals.End();
        return exit;
    }
}
