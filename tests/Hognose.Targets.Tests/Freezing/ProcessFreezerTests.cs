using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Freezing;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Freezing;

public sealed class ProcessFreezerTests
{
    private const int SignalKill = 9;
    private const int SignalUser1 = 10;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Two_hundred_threads_stand_still_and_go_on()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import sys, threading
            stop = threading.Event()
            def spin():
                while not stop.is_set(): stop.wait(0.001)
            threads = [threading.Thread(target=spin, daemon=True) for _ in range(200)]
            for t in threads: t.start()
            print("ready", flush=True); sys.stdin.readline()
            stop.set()
            for t in threads: t.join()
            print("all joined")
            """);
        var process = TargetProcess.Open(program.Pid);
        var states = "";
        var report = ProcessFreezer.WhileStopped(process, () => states = string.Concat(ThreadStates(program.Pid)), Cancellation);

        Assert.Equal(new string('t', 201), states);
        Assert.Equal(201, report.Threads);
        AssertUntraced(program.Pid);
        Assert.Equal((0, "all joined\n"), End(program));
    }

    [Fact]
    public void A_program_stopped_by_a_signal_stays_stopped()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline(); print('done')");
        Send(program.Pid, SignalStop);
        WaitForState(program.Pid, 'T');
        for (var i = 0; i < 20; i++)
            ProcessFreezer.WhileStopped(TargetProcess.Open(program.Pid), () => { }, Cancellation);

        WaitForState(program.Pid, 'T');
        AssertUntraced(program.Pid);
        Send(program.Pid, SignalContinue);
        Assert.Equal((0, "done\n"), End(program));
    }

    [Fact]
    public void Every_signal_that_arrives_around_a_stop_is_delivered_once()
    {
        // Real-time signals queue, and the wake-up descriptor gets one byte from the C handler for each delivery.
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import os, signal, sys
            r, w = os.pipe(); os.set_blocking(w, False)
            signal.set_wakeup_fd(w)
            signal.signal(signal.SIGRTMIN, lambda *a: None)
            print("ready", flush=True)
            sys.stdin.readline()
            os.set_blocking(r, False)
            print(len(os.read(r, 1 << 16)))
            """);
        var process = TargetProcess.Open(program.Pid);
        const int rounds = 200;
        for (var i = 0; i < rounds; i++)
        {
            Send(program.Pid, 34);
            ProcessFreezer.WhileStopped(process, () => Send(program.Pid, 34), Cancellation);
            Send(program.Pid, 34);
        }
        Assert.Equal((0, $"{3 * rounds}\n"), End(program));
    }

    [Fact]
    public void A_sleep_is_neither_cut_short_nor_begun_anew()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import select, sys, threading, time
            took = []
            def timed(f):
                t = time.monotonic(); f(); took.append(time.monotonic() - t)
            waits = [lambda: time.sleep(0.6), lambda: threading.Event().wait(0.6), lambda: select.select([], [], [], 0.6),
                     lambda: select.epoll().poll(0.6), lambda: select.poll().poll(600)]
            threads = [threading.Thread(target=timed, args=(f,)) for f in waits]
            for t in threads: t.start()
            print("ready", flush=True)
            for t in threads: t.join()
            print(min(took) >= 0.6, max(took) < 10)
            """);
        var process = TargetProcess.Open(program.Pid);
        var clock = Stopwatch.StartNew();
        // 0.5 s of stops: each wait lasts 0.6 s, so they all are in the middle of it.
        while (clock.ElapsedMilliseconds < 500)
            ProcessFreezer.WhileStopped(process, () => { }, Cancellation);
        Assert.Equal((0, "True True\n"), End(program));
    }

    [Fact]
    public void Threads_and_children_that_come_and_go_do_not_mind()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import subprocess, sys, threading
            stop = threading.Event()
            made = [0, 0]
            def churn():
                while not stop.is_set():
                    t = threading.Thread(target=lambda: None); t.start(); t.join(); made[0] += 1
            def spawn():
                while not stop.is_set():
                    assert subprocess.run(["/bin/true"]).returncode == 0; made[1] += 1
            workers = [threading.Thread(target=churn), threading.Thread(target=churn), threading.Thread(target=spawn)]
            for w in workers: w.start()
            print("ready", flush=True); sys.stdin.readline(); stop.set()
            for w in workers: w.join()
            print(made[0] > 0 and made[1] > 0)
            """);
        var process = TargetProcess.Open(program.Pid);
        for (var i = 0; i < 150; i++)
            ProcessFreezer.WhileStopped(process, () => Assert.DoesNotContain('R', StatesOfThreadsThatStay(program.Pid)), Cancellation);
        Assert.Equal((0, "True\n"), End(program));
    }

    [Fact]
    public void A_program_that_replaces_itself_again_and_again_reaches_its_end()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("chain.py", """
            import os, sys, threading
            left = int(sys.argv[1])
            if left == 40: print("ready", flush=True)
            for _ in range(3): threading.Thread(target=threading.Event().wait, daemon=True).start()
            if left: os.execv(sys.executable, [sys.executable, "-S", __file__, str(left - 1)])
            print("end of the chain")
            """);
        using var program = TargetProgram.StartScript(Interpreters.Any, script, "40");
        var stops = 0;
        while (!program.HasExited)
            try
            {
                ProcessFreezer.WhileStopped(TargetProcess.Open(program.Pid), () => { }, Cancellation);
                stops++;
            }
            catch (CannotContinueException)
            {
                // Between two programs there may be no thread to stop, and at the end no process.
            }
        Assert.True(stops > 0);
        Assert.Equal((0, "end of the chain\n"), End(program));
    }

    [Fact]
    public void A_program_killed_while_it_stands_still_ends()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline()");
        ProcessFreezer.WhileStopped(TargetProcess.Open(program.Pid), () => Send(program.Pid, SignalKill), Cancellation);
        Assert.Equal(128 + SignalKill, program.Finish().ExitCode);
    }

    [Fact]
    public void A_failure_of_the_work_lets_the_program_go_on()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline(); print('done')");
        Assert.Throws<InvalidOperationException>(() => ProcessFreezer.WhileStopped(
            TargetProcess.Open(program.Pid), () => throw new InvalidOperationException(), Cancellation));
        AssertUntraced(program.Pid);
        Assert.Equal((0, "done\n"), End(program));
    }

    [Fact]
    public void A_cancelled_stop_lets_the_program_go_on()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline(); print('done')");
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => ProcessFreezer.WhileStopped(
            TargetProcess.Open(program.Pid),
            () =>
            {
                cancelled.Cancel();
                cancelled.Token.ThrowIfCancellationRequested();
            },
            cancelled.Token));
        AssertUntraced(program.Pid);
        Assert.Equal((0, "done\n"), End(program));
    }

    [Fact]
    public void A_handler_runs_for_a_signal_sent_during_the_stop()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import signal, sys
            signal.signal(signal.SIGUSR1, lambda *a: print("handled", flush=True))
            print("ready", flush=True); sys.stdin.readline()
            """);
        ProcessFreezer.WhileStopped(TargetProcess.Open(program.Pid), () => Send(program.Pid, SignalUser1), Cancellation);
        Assert.Equal((0, "handled\n"), End(program));
    }

    private static (int, string) End(TargetProgram program)
    {
        var (exitCode, text, _) = program.Finish();
        return (exitCode, text);
    }

    private static IEnumerable<char> ThreadStates(int processId) =>
        ThreadFiles.Read(processId, "status").Select(text => ProcStatus.Parse(Encoding.UTF8.GetBytes(text)).State);

    /// <summary>A thread that is on its way out of the kernel stops for nobody, and runs no code of the program any more.</summary>
    private static IEnumerable<char> StatesOfThreadsThatStay(int processId)
    {
        const int Exiting = 4; // PF_EXITING, include/linux/sched.h
        const int Flags = 6;   // From the state on, which follows the name: proc(5), /proc/pid/stat.
        foreach (var stat in ThreadFiles.Read(processId, "stat"))
        {
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if ((uint.Parse(fields[Flags], CultureInfo.InvariantCulture) & Exiting) == 0)
                yield return fields[0][0];
        }
    }

    /// <summary>The kernel lets a thread go when its tracer thread has ended, which is a moment after our thread object says so.</summary>
    private static void AssertUntraced(int processId) =>
        Assert.True(
            SpinWait.SpinUntil(() => ProcStatus.Parse(File.ReadAllBytes($"/proc/{processId}/status")).Tracer == 0, TimeSpan.FromSeconds(10)),
            string.Create(CultureInfo.InvariantCulture, $"{processId} is still traced"));

    private static void WaitForState(int processId, char state) =>
        Assert.True(SpinWait.SpinUntil(() => ThreadStates(processId).All(each => each == state), TimeSpan.FromSeconds(10)), $"not in state {state}");

    private static void Send(int processId, int signal) => Assert.Equal(0, LibC.kill(processId, signal));
}
