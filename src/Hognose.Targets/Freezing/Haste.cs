using Hognose.Targets.Native;

namespace Hognose.Targets.Freezing;

/// <summary>
/// Threads that work while a target stands still go before everything else that wants the processors: fractions of a second, and the kernel
/// keeps 5 % for the rest in any case (sched_rt_runtime_us). Nice values would not do, they count within a session only (autogroups).
/// </summary>
internal static unsafe class Haste
{
    private const int RoundRobin = 2;
    private const int ResetOnFork = 0x40000000;

    /// <summary>For the calling thread, until it ends. Needs CAP_SYS_NICE; without it the pause grows with the load of the machine.</summary>
    public static void Begin()
    {
        var lowest = 1;
        _ = LibC.sched_setscheduler(0, RoundRobin | ResetOnFork, &lowest);
    }
}
