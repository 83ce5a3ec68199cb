using Hognose.Diagnostics;
using Hognose.Targets.Elf;
using Hognose.Targets.Native;

namespace Hognose.Targets.Processes;

/// <summary>Why a process cannot be read, and what to do about it.</summary>
internal static class ProcessAccess
{
    public static void Check(TargetProcess process, ProcStatus status)
    {
        if (status.ThreadGroup != process.Id)
            throw new CannotContinueException(
                $"{process.Display} is a thread of process {status.ThreadGroup}", $"give the process: {status.ThreadGroup}");
        if (process.Id == LibC.getpid())
            throw new CannotContinueException($"{process.Display} is hognose itself", "give the pid of another process");
        if (status.State is 'Z' or 'X')
            throw new CannotContinueException(
                $"{process.Display} has ended (a zombie its parent has not waited for)", "there is no memory left to read");
        if (status.IsKernelThread)
            throw new CannotContinueException($"{process.Display} is a kernel thread", "give the pid of a Python process");
        if (status.Tracer != 0)
            throw new CannotContinueException(
                $"{process.Display} is already traced by pid {status.Tracer}", "detach that debugger first");
        CheckMemory(process, status);
        CheckArchitecture(process);
    }

    public static CannotContinueException NoStatus(int processId, int errno) =>
        LibC.kill(processId, 0) == 0 || Errno.Last == Errno.NotPermitted
            ? new CannotContinueException(
                $"pid {processId} is there, but /proc shows nothing of it ({Errno.Describe(errno)})",
                "run as the process's user or as root (hidepid), with /proc mounted for its PID namespace")
            : new CannotContinueException($"no process with pid {processId}", "see the pids with: pgrep -a python");

    public static CannotContinueException Ended(TargetProcess process) =>
        new($"{process.Display} ended while it was being read", "there is nothing left to read");

    public static CannotContinueException Unreadable(TargetProcess process, ProcStatus status, int errno)
    {
        if (errno is Errno.NoSuchProcess or Errno.NoSuchFile)
            return Ended(process);
        if (errno is not (Errno.NotPermitted or Errno.AccessDenied))
            return new CannotContinueException($"the memory of {process.Display} cannot be read ({Errno.Describe(errno)})", "");
        var us = ProcStatus.OwnUser;
        return status.EffectiveUser != us || status.RealUser != us
            ? new CannotContinueException(
                $"{process.Display} belongs to another user (uid {(uint)status.EffectiveUser}, we are {(uint)us})",
                "run as that user, or with CAP_SYS_PTRACE (sudo)")
            : SameUser(process, errno);
    }

    private static CannotContinueException SameUser(TargetProcess process, int errno) =>
        ProcFile.TryRead("/proc/sys/kernel/yama/ptrace_scope", out var scope, out _) && scope is [not (byte)'0', ..]
            ? new CannotContinueException(
                $"{process.Display} may not be read: kernel.yama.ptrace_scope is {(char)scope[0]} ({Errno.Describe(errno)})",
                "run with CAP_SYS_PTRACE (sudo), or set it to 0")
            : new CannotContinueException(
                $"{process.Display} may not be read ({Errno.Describe(errno)})",
                "it changed its privileges or forbids it (prctl PR_SET_DUMPABLE, a container's seccomp profile): run with CAP_SYS_PTRACE (sudo)");

    /// <summary>Opening <c>mem</c> asks the kernel for the same right as ptrace does, and touches nothing.</summary>
    private static void CheckMemory(TargetProcess process, ProcStatus status)
    {
        var descriptor = ProcFile.Open($"/proc/{process.Id}/mem", LibC.OpenReadOnly, out var errno);
        if (descriptor < 0)
            throw Unreadable(process, status, errno);
        _ = LibC.close(descriptor);
    }

    private static void CheckArchitecture(TargetProcess process)
    {
        if (!ProcFile.TryReadStart($"/proc/{process.Id}/exe", ElfHeader.Size, out var start) || !ElfHeader.TryParse(start, out var header))
            return;
        if (!header.Is64Bit)
            throw new CannotContinueException($"{process.Display} is a 32-bit program", "only 64-bit x86-64 processes are supported");
        if (header.Machine != ElfHeader.MachineX86_64)
            throw new CannotContinueException(
                $"{process.Display} is a program for another processor (ELF machine {header.Machine})", "only x86-64 is supported");
    }
}
