using Hognose.Diagnostics;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Processes;

public sealed class TargetProcessTests
{
    [Fact]
    public void A_pid_that_nobody_has_is_named()
    {
        var refusal = Refusal(int.MaxValue);
        Assert.Equal($"no process with pid {int.MaxValue}", refusal.Message);
        Assert.Contains("pgrep", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zombie_has_no_memory_left()
    {
        using var parent = TargetProgram.StartText(Interpreters.Any, """
            import os, sys
            child = os.fork()
            if child == 0: os._exit(0)
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
            print(child); print("ready", flush=True); sys.stdin.readline()
            """);
        Assert.Contains("has ended (a zombie", Refusal(ParsePid(parent.Truth)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_is_refused_in_favour_of_its_process()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import sys, threading
            t = threading.Thread(target=threading.Event().wait, daemon=True); t.start()
            print(t.native_id); print("ready", flush=True); sys.stdin.readline()
            """);
        var refusal = Refusal(ParsePid(program.Truth));
        Assert.Contains($"is a thread of process {program.Pid}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_thread_is_refused()
    {
        const int kthreadd = 2;
        Assert.SkipUnless(File.Exists($"/proc/{kthreadd}/comm") && File.ReadAllText($"/proc/{kthreadd}/comm").StartsWith("kthreadd", StringComparison.Ordinal), "kernel threads are not visible in this PID namespace");
        Assert.Contains("is a kernel thread", Refusal(kthreadd).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hognose_does_not_stop_itself() =>
        Assert.Contains("is hognose itself", Refusal(Environment.ProcessId).Message, StringComparison.Ordinal);

    [Fact]
    public void A_process_under_another_tracer_names_the_tracer()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import ctypes, os, sys
            child = os.fork()
            if child == 0: os.read(0, 1); os._exit(0)
            assert ctypes.CDLL(None).ptrace(0x4206, child, None, None) == 0
            print(child); print("ready", flush=True); sys.stdin.readline(); os.kill(child, 9)
            """);
        var refusal = Refusal(ParsePid(program.Truth));
        Assert.EndsWith($"is already traced by pid {program.Pid}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_control_characters_cannot_reach_the_terminal()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import sys
            open("/proc/self/comm", "w").write("\x1b[31m)(\n")
            print("ready", flush=True); sys.stdin.readline()
            """);
        Assert.DoesNotContain(TargetProcess.Open(program.Pid).Display, char.IsControl);
    }

    [Fact]
    public void A_process_that_ended_is_not_taken_for_its_successor()
    {
        using var program = TargetProgram.Start("/bin/sh", ["-c", "echo ready; read line"]);
        var process = TargetProcess.Open(program.Pid);
        Assert.True(process.IsStillThere());
        program.Finish();
        Assert.False(process.IsStillThere());
    }

    private static int ParsePid(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static CannotContinueException Refusal(int processId) => Assert.Throws<CannotContinueException>(() => TargetProcess.Open(processId));
}
