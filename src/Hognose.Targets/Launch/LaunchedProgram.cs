using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>A program that we launched and have to wait for.</summary>
public sealed unsafe class LaunchedProgram(int processId)
{
    private const int StoppedMark = 0x7F;
    private const int ContinueSignal = 18;
    private const int StopSignal = 19;

    public int ProcessId => processId;

    /// <summary>False while it lives. Never blocks. A program that stops itself stops us too, so that the shell gets its prompt.</summary>
    public bool TryWait(out ProgramExit exit)
    {
        int status;
        ResourceUsage usage;
        var got = LaunchCalls.wait4(processId, &status, LaunchCalls.WaitNoHang | LaunchCalls.WaitStopped, &usage);
        exit = default;
        if (got == 0)
            return false;
        if (got < 0)
        {
            // Somebody else reaped it, which cannot happen unless SIGCHLD is ignored: how it ended is not known.
            exit = new ProgramExit(0, 0, 0, -1);
            return Errno.Last != Errno.Interrupted;
        }
        if ((status & 0xFF) == StoppedMark)
        {
            StopWithIt();
            return false;
        }
        exit = new ProgramExit((status >> 8) & 0xFF, status & 0x7F, usage.CpuNanoseconds, usage.MaximumResident * 1024);
        return true;
    }

    public void Send(int signal) => _ = LibC.kill(processId, signal);

    private void StopWithIt()
    {
        _ = LibC.kill(LibC.getpid(), StopSignal);
        Send(ContinueSignal);
    }
}
