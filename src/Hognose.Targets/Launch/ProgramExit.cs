namespace Hognose.Targets.Launch;

/// <summary>How a launched program ended and what it used, as the kernel says.</summary>
/// <param name="ExitStatus">Its exit status; meaningless when <paramref name="Signal"/> is not 0.</param>
/// <param name="Signal">The signal that killed it, or 0.</param>
/// <param name="CpuNanoseconds">User and system time, of it and of the children it waited for.</param>
/// <param name="MaximumResidentBytes">The largest resident size of it or of such a child.</param>
public readonly record struct ProgramExit(int ExitStatus, int Signal, long CpuNanoseconds, long MaximumResidentBytes);
