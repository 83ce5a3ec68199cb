using System.Globalization;
using Hognose.Formats.Alloc;

namespace Hognose.Reports.Terminal;

/// <summary>How the program ended, in words.</summary>
public static class EndingWords
{
    // Numbers of x86-64 Linux, asm-generic/signal.h.
    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP", [2] = "SIGINT", [3] = "SIGQUIT", [4] = "SIGILL", [5] = "SIGTRAP", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE",
        [9] = "SIGKILL", [10] = "SIGUSR1", [11] = "SIGSEGV", [12] = "SIGUSR2", [13] = "SIGPIPE", [14] = "SIGALRM", [15] = "SIGTERM",
        [16] = "SIGSTKFLT", [24] = "SIGXCPU", [25] = "SIGXFSZ", [26] = "SIGVTALRM", [27] = "SIGPROF", [29] = "SIGIO", [30] = "SIGPWR", [31] = "SIGSYS",
    };

    /// <summary>"exited with status 1", "was killed by SIGKILL (9)".</summary>
    public static string Of(RecordingFacts facts) => facts.Tracemalloc is not null ? "read from its tracemalloc" : facts.Ending switch
    {
        ProgramEnding.Exited => string.Create(CultureInfo.InvariantCulture, $"exited with status {facts.EndingCode}"),
        ProgramEnding.Signalled => $"was killed by {SignalName(facts.EndingCode)}",
        _ => "was still running when recording ended",
    };

    /// <summary>What may have been the reason; empty when nothing is known of one.</summary>
    public static string Guess(RecordingFacts facts) =>
        facts is { Ending: ProgramEnding.Signalled, EndingCode: 9 } ? "Perhaps the kernel ran out of memory: see dmesg." : "";

    /// <summary>"1", "SIGKILL"; empty: not known.</summary>
    public static string Short(RecordingFacts facts) => facts.Ending switch
    {
        ProgramEnding.Exited => facts.EndingCode.ToString(CultureInfo.InvariantCulture),
        ProgramEnding.Signalled => Signals.GetValueOrDefault(facts.EndingCode) ?? SignalName(facts.EndingCode),
        _ => "",
    };

    public static string SignalName(int signal) => Signals.TryGetValue(signal, out var name)
        ? string.Create(CultureInfo.InvariantCulture, $"{name} ({signal})")
        : string.Create(CultureInfo.InvariantCulture, $"signal {signal}");
}
