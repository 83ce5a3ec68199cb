namespace Hognose.Agent.Tests;

/// <summary>No .NET runtime may start in somebody's process. It starts with the first call into it, so there must be no such call.</summary>
public class RawModeTests
{
    private static readonly string[] Libc =
    [
        "mmap", "munmap", "madvise", "close", "nanosleep", "clock_gettime", "getpid", "kill", "__errno_location", "getenv", "dlsym",
        "pthread_atfork", "memcmp", "memmove", "memset", "strlen", "strtoul", "_exit", "syscall", "waitid", "open", "access", "pwrite", "dl_iterate_phdr",
    ];

    /// <summary>Around room on the stack: a word of the library that is compared with itself, and what a difference, an overrun, would lead to.</summary>
    private static readonly string[] StackGuard = ["__security_cookie", "RhpFallbackFailFast"];

    /// <summary>The poll that follows a call out of managed code: a flag that only a running runtime sets.</summary>
    private static readonly string[] Poll = ["RhpTrapThreads", "RhpGcPoll"];

    [Fact]
    public void The_agent_refers_to_nothing_but_libc()
    {
        var references = AgentObject.OutsideReferences();

        Assert.Contains("mmap", references);
        Assert.Empty(references.Except(Libc).Except(Poll).Except(StackGuard));
    }
}
