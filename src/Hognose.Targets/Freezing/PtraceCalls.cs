using System.Diagnostics;
using Hognose.Targets.Launch;
using Hognose.Targets.Native;

namespace Hognose.Targets.Freezing;

/// <summary>
/// The ptrace requests we use (ptrace(2)). SEIZE sends no signal and, with no options set, leaves the tracee to run on when its tracer
/// dies. What writes registers stands in <see cref="PtraceRegisters"/>.
/// </summary>
internal static unsafe class PtraceCalls
{
    private const nint RequestDetach = 17;
    private const nint RequestGetSignal = 0x4202;
    private const nint RequestSeize = 0x4206;
    private const nint RequestInterrupt = 0x4207;

    private const int WaitNoHang = 1;
    private const int WaitExited = 4;
    private const int WaitOwnThread = 0x20000000;
    private const int WaitAllKinds = 0x40000000;
    private const int Naps = 5000;
    private const int NapMicroseconds = 10;

    /// <returns>0, or the error number.</returns>
    public static int Seize(int threadId) => Call(RequestSeize, threadId, 0);

    public static int Interrupt(int threadId) => Call(RequestInterrupt, threadId, 0);

    /// <param name="signal">Delivered as the thread goes on; 0 for none.</param>
    public static int Detach(int threadId, int signal) => Call(RequestDetach, threadId, signal);

    /// <summary>
    /// What happened to any thread that the calling OS thread traces: never to a child process of ours, which belongs to others
    /// (<c>__WNOTHREAD</c>).
    /// </summary>
    /// <returns>The thread, 0 when nothing happened yet, or -1 when nothing is traced any more.</returns>
    public static int Poll(out WaitStatus status)
    {
        int raw;
        int threadId;
        do
            threadId = LibC.waitpid(-1, &raw, WaitNoHang | WaitOwnThread | WaitAllKinds);
        while (threadId < 0 && Errno.Last == Errno.Interrupted);
        status = new WaitStatus(threadId > 0 ? raw : 0);
        return threadId;
    }

    /// <summary>Waits for a thread that ended, whichever of our threads traces it; what it does while it lives stays for its tracer to hear.</summary>
    /// <returns>False while it lives.</returns>
    public static bool TryTakeLeave(int threadId)
    {
        var told = new LibC.WaitInformation();
        // Only looked at: a traced thread's stops are told whether they are asked for or not (kernel/exit.c, wait_task_stopped).
        if (LibC.waitid(LibC.WaitForProcess, threadId, &told, WaitNoHang | WaitExited | WaitAllKinds | LaunchCalls.WaitLeave) != 0)
            return true;
        if (told.Process == 0 || told.Change == WaitChange.Trapped)
            return false;
        _ = LibC.waitid(LibC.WaitForProcess, threadId, &told, WaitNoHang | WaitExited | WaitAllKinds);
        return true;
    }

    /// <summary>What happens to one thread that the calling OS thread traces, within a time.</summary>
    public static bool TryWait(int threadId, TimeSpan patience, out WaitStatus status)
    {
        int raw;
        var start = Stopwatch.GetTimestamp();
        for (var spins = 0; ; spins++)
        {
            var got = LibC.waitpid(threadId, &raw, WaitNoHang | WaitOwnThread | WaitAllKinds);
            status = new WaitStatus(got == threadId ? raw : 0);
            if (got == threadId)
                return true;
            if ((got < 0 && Errno.Last != Errno.Interrupted) || Stopwatch.GetElapsedTime(start) > patience)
                return false;
            // Asleep the processor is free for the thread that is waited for, also where we go before all others (Haste).
            if (spins < Naps)
                Nap.For(NapMicroseconds);
            else
                Thread.Sleep(1);
        }
    }

    /// <summary>
    /// Asks whether a thread stands still, without its wait status: any waitpid in our process may take that away, and .NET's does for
    /// children started by <see cref="System.Diagnostics.Process"/>.
    /// </summary>
    public static bool IsStopped(int threadId, out int signalUnderWay)
    {
        const int eventStop = 128;
        const int siginfoInts = 32;
        var siginfo = stackalloc int[siginfoInts];
        signalUnderWay = 0;
        if (LibC.ptrace(RequestGetSignal, threadId, 0, (nint)siginfo) != 0)
            return Errno.Last == Errno.InvalidArgument; // a group stop has no siginfo; a running thread answers ESRCH
        // si_signo, si_errno, si_code: a stop that is no delivery carries its event in the code's second byte.
        signalUnderWay = siginfo[2] >> 8 == eventStop ? 0 : siginfo[0];
        return true;
    }

    private static int Call(nint request, int threadId, nint data) =>
        LibC.ptrace(request, threadId, 0, data) == 0 ? 0 : Errno.Last;
}

/// <summary>The status word of wait(2), as ptrace extends it.</summary>
internal readonly record struct WaitStatus(int Raw)
{
    private const int Stopped = 0x7f;

    public bool IsStopped => (Raw & 0xff) == Stopped;

    /// <summary>
    /// The signal whose delivery was caught half-way, which detaching must hand on; 0 for a stop of our asking and for a group stop
    /// (both carry an event in the upper half).
    /// </summary>
    public int SignalUnderWay => IsStopped && Raw >> 16 == 0 ? (Raw >> 8) & 0xff : 0;
}
