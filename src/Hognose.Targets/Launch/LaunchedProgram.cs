using Hognose.Targets.Freezing;
using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>A program that we launched and have to wait for.</summary>
public sealed unsafe class LaunchedProgram(int processId)
{
    private const int ContinueSignal = 18;
    private const int StopSignal = 19;

    public int ProcessId => processId;

    /// <summary>
    /// False while it lives. Never blocks. A program that stops itself stops us too, so that the shell gets its prompt. What happened is looked at before it is taken: while another
    /// thread of ours traces the program, its stops are told here, too, and are that thread's.
    /// </summary>
    public bool TryWait(out ProgramExit exit)
    {
        exit = default;
        var told = new LibC.WaitInformation();
        if (LibC.waitid(LibC.WaitForProcess, processId, &told, LaunchCalls.WaitNoHang | LaunchCalls.WaitExited | LaunchCalls.WaitStopped | LaunchCalls.WaitLeave) != 0)
            return IsNotOurs(out exit);
        switch (told.Process == 0 ? WaitChange.None : told.Change)
        {
            case WaitChange.None or WaitChange.Trapped:
                return false;
            case WaitChange.Stopped:
                NoTerminalStop.UnlessInForce(StopWithIt);
                return false;
            default:
                return TryTake(out exit);
        }
    }

    public void Send(int signal) => _ = LibC.kill(processId, signal);

    private bool TryTake(out ProgramExit exit)
    {
        exit = default;
        int status;
        ResourceUsage usage;
        var got = LaunchCalls.wait4(processId, &status, LaunchCalls.WaitNoHang, &usage);
        if (got < 0)
            return IsNotOurs(out exit);
        if (got > 0)
            exit = new ProgramExit((status >> 8) & 0xFF, status & 0x7F, usage.CpuNanoseconds, usage.MaximumResident * 1024);
        return got > 0;
    }

    /// <summary>Somebody else reaped it, which cannot happen unless SIGCHLD is ignored: how it ended is not known.</summary>
    private static bool IsNotOurs(out ProgramExit exit)
    {
        exit = new ProgramExit(0, 0, 0, -1);
        return Errno.Last != Errno.Interrupted;
    }

    private void StopWithIt()
    {
        var told = new LibC.WaitInformation();
        // It may have gone on meanwhile.
        if (LibC.waitid(LibC.WaitForProcess, processId, &told, LaunchCalls.WaitNoHang | LaunchCalls.WaitStopped) != 0 || told.Process == 0)
            return;
        _ = LibC.kill(LibC.getpid(), StopSignal);
        Send(ContinueSignal);
    }
}
