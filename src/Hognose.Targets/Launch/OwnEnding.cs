using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>Ends our process as the program ended, so that whoever started us sees no difference.</summary>
public static unsafe class OwnEnding
{
    private const int Unblock = 1;
    private const int ShellSignalBase = 128;

    /// <summary>Returns the exit status to end with. When a signal killed the program it does not return, unless that signal cannot kill us.</summary>
    public static int Mirror(ProgramExit exit)
    {
        if (exit.Signal == 0)
            return exit.ExitStatus;
        // The program has left its core; ours would say nothing.
        var none = default(ResourceLimit);
        _ = LaunchCalls.setrlimit(LaunchCalls.ResourceCore, &none);
        _ = LaunchCalls.signal(exit.Signal, LaunchCalls.SignalDefault);
        var signals = stackalloc byte[LaunchCalls.SignalSetBytes];
        _ = LaunchCalls.sigemptyset(signals);
        _ = LaunchCalls.sigaddset(signals, exit.Signal);
        _ = LaunchCalls.pthread_sigmask(Unblock, signals, null);
        _ = LibC.kill(LibC.getpid(), exit.Signal);
        return ShellSignalBase + exit.Signal;
    }

    /// <summary>User and system time of this process so far, in nanoseconds.</summary>
    public static long CpuNanoseconds()
    {
        ResourceUsage usage;
        return LaunchCalls.getrusage(0, &usage) == 0 ? usage.CpuNanoseconds : 0;
    }
}
