using System.Globalization;
using Hognose.Targets.Freezing;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Freezing;

/// <summary>A signal's disposition is the whole process's: no other test may freeze anything meanwhile.</summary>
[CollectionDefinition(nameof(TerminalStopTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

[Collection(nameof(TerminalStopTests))]
public sealed class TerminalStopTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Control_z_is_ignored_only_while_the_program_stands_still()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline()");
        var before = IgnoresTerminalStop();
        var during = false;
        ProcessFreezer.WhileStopped(TargetProcess.Open(program.Pid), () => during = IgnoresTerminalStop(), Cancellation);
        Assert.Equal((false, true, false), (before, during, IgnoresTerminalStop()));
    }

    private static bool IgnoresTerminalStop()
    {
        const int terminalStop = 20;
        var mask = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..];
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (terminalStop - 1) & 1) != 0;
    }
}
