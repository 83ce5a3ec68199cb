using System.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Freezing;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Freezing;

/// <summary>A forked target goes on as if nothing had been: in whatever it does, however often, and at whatever instant we die.</summary>
public sealed class FrozenForkTests(ITestOutputHelper output)
{
    private static readonly CopyOptions Forking = new() { Way = CopyWay.Fork };

    /// <summary>Each work is done by the main thread until a line comes, while others go on; then it tells whether all was right.</summary>
    private const string Worker = """
        import select, signal, sys, threading, time
        kind = sys.argv[1]
        line = threading.Event()
        def wait_for_line(): sys.stdin.readline(); line.set()
        threading.Thread(target=wait_for_line, daemon=True).start()
        wrong, rounds, chld = [], 0, []
        if kind != "fork": signal.signal(signal.SIGCHLD, lambda *a: chld.append(a))
        def count(seed):
            while not line.is_set():
                if sum(i * seed for i in range(1000)) != 499500 * seed: wrong.append(seed)
        if kind == "threads":
            for i in range(4): threading.Thread(target=count, args=(i + 1,), daemon=True).start()
        ticks = []
        if kind == "timer":
            signal.signal(signal.SIGALRM, lambda *a: ticks.append(1)); signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        lock = threading.Lock(); lock.acquire()
        r, w = socket_pair = __import__("socket").socketpair()
        print("ready", flush=True)
        while not line.is_set():
            rounds += 1
            if kind == "sleep":
                t = time.monotonic(); time.sleep(0.3); t = time.monotonic() - t
                if t < 0.299: wrong.append(t)
            elif kind == "select":
                t = time.monotonic(); got = select.select([r], [], [], 0.3); t = time.monotonic() - t
                if got[0] or t < 0.299: wrong.append((got, t))
            elif kind == "lock":
                t = time.monotonic(); got = lock.acquire(timeout=0.3); t = time.monotonic() - t
                if got or t < 0.299: wrong.append((got, t))
            elif kind == "read":
                threading.Timer(0.1, w.send, (b"x" * 7,)).start()
                if r.recv(100) != b"x" * 7: wrong.append("read")
            elif kind == "fork":
                import subprocess
                if subprocess.call(["/bin/true"]) != 0: wrong.append("child")
            elif kind == "float":
                x = 1.0
                for i in range(2000): x = x * 1.0000001 + i / 7.0
                if abs(x - wanted) > 0 if rounds > 1 else False: wrong.append(x)
                wanted = x
            else:
                rows = [{"n": i, "s": str(i)} for i in range(500)]
                if sum(len(row["s"]) for row in rows) != 1390: wrong.append(rows)
        signal.setitimer(signal.ITIMER_REAL, 0)
        print("right" if not wrong and not chld and rounds and (kind != "timer" or ticks) else (wrong[:3], chld, rounds, len(ticks)))
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Works => ["busy", "float", "threads", "sleep", "select", "lock", "read", "timer", "fork"];

    [Theory, MemberData(nameof(Works))]
    public void A_program_forked_ten_times_does_its_work_and_keeps_nothing(string work)
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Worker, work);
        var process = TargetProcess.Open(program.Pid);
        var forked = 0;
        for (var i = 0; i < 10; i++)
        {
            using var copy = MemoryCopier.Copy(process, Forking, Cancellation);
            Assert.False(copy.LeftZombie);
            forked += copy.Way == CopyWay.Fork ? 1 : 0;
            output.WriteLine($"{copy.Way} {copy.NoForkReason} stopped for {copy.Pause.TotalMilliseconds:0.0} ms in {copy.Stops} stops");
        }
        // subprocess waits in vfork now and then, where nobody is forked.
        Assert.True(forked >= (work == "fork" ? 1 : 10), $"{forked} of 10 were forks");
        if (work != "fork")
            Assert.Empty(ThreadFiles.Children(program.Pid));
        AssertRight(program);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Every_python_is_forked_again_and_again_with_the_same_memory_before_and_after(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), "import sys; kept = [str(i) for i in range(100000)]; print('ready', flush=True); sys.stdin.readline(); print(sum(map(len, kept)))");
        var process = TargetProcess.Open(program.Pid);
        using var copied = MemoryCopier.Copy(process, new CopyOptions(), Cancellation);
        var (mappings, resident) = (process.ReadMappings(Diagnostics.Limits.Default), process.ReadStatus().ResidentAnonymousBytes);
        // What is left each time would show after a few; fifty times on one that has them all take a CI's time enough.
        var times = name == "3.13" ? 50 : 15;
        for (var i = 0; i < times; i++)
        {
            using var forked = MemoryCopier.Copy(process, Forking, Cancellation);
            Assert.Equal((CopyWay.Fork, null, false), (forked.Way, forked.NoForkReason, forked.LeftZombie));
            if (i == 0)
                AssertSame(copied, forked, WipedOnFork(program.Pid));
        }
        Assert.Equal(mappings, process.ReadMappings(Diagnostics.Limits.Default));
        // Two pages below its stack, at most, where the frames were.
        Assert.InRange(process.ReadStatus().ResidentAnonymousBytes, resident, resident + (4 * 4096));
        Assert.Empty(ThreadFiles.Children(program.Pid));
        var (exitCode, said, errors) = program.Finish();
        Assert.Equal((0, "488890\n", ""), (exitCode, said, errors));
    }

    [Theory, InlineData("busy"), InlineData("sleep"), InlineData("float"), InlineData("timer"), InlineData("read")]
    public void Whoever_leaves_at_any_step_leaves_the_program_as_it_was(string work)
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Worker, work);
        var process = TargetProcess.Open(program.Pid);
        var died = new List<CallStep>();
        for (var round = 0; round < 3; round++)
            foreach (var step in Enum.GetValues<CallStep>())
            {
                using (FrozenFork.TryTake(process, process.ReadMappings(Diagnostics.Limits.Default), Forking with { Tries = 1 }, Cancellation, out _, at => at == step && Note(died, at)))
                {
                }
                Assert.True(SpinWait.SpinUntil(() => ThreadFiles.Children(program.Pid).All(child => State(child) == 'Z'), TimeSpan.FromSeconds(20)), "a child lives on");
            }
        Assert.Equal(Enum.GetValues<CallStep>(), died.Distinct().Order());
        AssertRight(program);
    }

    [Fact]
    public void A_stopped_or_a_filtered_program_is_copied_instead()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import ctypes, sys
            libc = ctypes.CDLL(None)
            class Filter(ctypes.Structure): _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]
            class Program(ctypes.Structure): _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.POINTER(Filter))]
            allow = (Filter * 1)(Filter(6, 0, 0, 0x7fff0000))
            assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(Program(1, allow)), 0, 0) == 0
            print("ready", flush=True); sys.stdin.readline(); print("right")
            """);
        using (var copy = MemoryCopier.Copy(TargetProcess.Open(program.Pid), Forking, Cancellation))
            Assert.Equal((CopyWay.Copy, "a seccomp filter judges its system calls"), (copy.Way, copy.NoForkReason));
        AssertRight(program);

        using var stopped = TargetProgram.StartText(Interpreters.Any, Worker, "busy");
        Send(stopped.Pid, "STOP");
        Assert.True(SpinWait.SpinUntil(() => State(stopped.Pid) == 'T', TimeSpan.FromSeconds(20)));
        using (var copy = MemoryCopier.Copy(TargetProcess.Open(stopped.Pid), Forking, Cancellation))
            Assert.Equal((CopyWay.Copy, "it is stopped by a signal"), (copy.Way, copy.NoForkReason));
        Send(stopped.Pid, "CONT");
        AssertRight(stopped);
    }

    /// <summary>posix_spawn's child shares its parent's memory until it is another program; here it waits for somebody to read what it is to write.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public void A_program_with_a_thread_inside_the_kernel_is_copied_instead(bool isMain)
    {
        using var folder = new TemporaryFolder();
        var pipe = folder.At("pipe");
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import os, sys, threading
            os.mkfifo(sys.argv[1])
            def spawn(): os.waitpid(os.posix_spawn("/bin/true", ["true"], {}, file_actions=[(os.POSIX_SPAWN_OPEN, 1, sys.argv[1], os.O_WRONLY, 0)]), 0)
            spawning = threading.Thread(target=spawn)
            print("ready", flush=True)
            spawn() if sys.argv[2] == "True" else (spawning.start(), spawning.join())
            sys.stdin.readline(); print("right")
            """, pipe, $"{isMain}");
        Assert.True(SpinWait.SpinUntil(() => Directory.GetDirectories($"/proc/{program.Pid}/task").Any(task => StateIn(task) == 'D'), TimeSpan.FromSeconds(60)));

        using (var copy = MemoryCopier.Copy(TargetProcess.Open(program.Pid), Forking, Cancellation))
            Assert.Equal((CopyWay.Copy, "one of its threads stays inside the kernel (a vfork, a slow disk)"), (copy.Way, copy.NoForkReason));
        using (File.OpenRead(pipe))
            AssertRight(program);
    }

    [Fact]
    public void A_sudden_end_takes_the_children_away()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Worker, "sleep");
        var process = TargetProcess.Open(program.Pid);
        using (FrozenFork.TryTake(process, process.ReadMappings(Diagnostics.Limits.Default), Forking, Cancellation, out var reason))
        {
            Assert.Equal("", reason);
            Assert.Single(ThreadFiles.Children(program.Pid));
            FrozenForks.End();
            Assert.Empty(ThreadFiles.Children(program.Pid));
        }
        AssertRight(program);
    }

    private static bool Note(List<CallStep> steps, CallStep step)
    {
        steps.Add(step);
        return true;
    }

    /// <summary>But for the stack and what the kernel keeps in user space; the program waits in a read.</summary>
    private static void AssertSame(MemoryCopy expected, MemoryCopy actual, HashSet<string> wiped)
    {
        var compared = 0UL;
        foreach (var region in expected.Regions.Regions.Where(region => region.IsCopied && region.Kind is RegionKind.Heap or RegionKind.Anonymous && !wiped.Contains($"{region.Low.Value:x}")))
            foreach (var run in region.Present)
            {
                var (a, b) = (new byte[run.Length], new byte[run.Length]);
                Assert.True(expected.Memory.TryRead(run.Start, a) && actual.Memory.TryRead(run.Start, b));
                // struct rseq of the thread tells the processor that it ran on.
                var differing = a.Zip(b).Count(pair => pair.First != pair.Second);
                Assert.True(differing <= 16, $"{differing} bytes differ at {run.Start} in {region.Path}");
                compared += run.Length;
            }
        Assert.True(compared > 4 << 20);
    }

    /// <summary>Where no child gets what its parent has: glibc 2.41 keeps the state of its random numbers so (MADV_WIPEONFORK).</summary>
    private static HashSet<string> WipedOnFork(int processId)
    {
        var wiped = new HashSet<string>();
        var low = "";
        foreach (var line in File.ReadLines($"/proc/{processId}/smaps"))
            if (line.StartsWith("VmFlags:", StringComparison.Ordinal) && line.Contains(" wf", StringComparison.Ordinal))
                wiped.Add(low);
            else if (line.IndexOf('-', StringComparison.Ordinal) is > 0 and var dash && !line[..dash].Contains(' ', StringComparison.Ordinal) && !line[..dash].Contains(':', StringComparison.Ordinal))
                low = line[..dash].TrimStart('0');
        return wiped;
    }

    private static void AssertRight(TargetProgram program)
    {
        var (exitCode, said, errors) = program.Finish();
        Assert.Equal((0, "right\n", ""), (exitCode, said, errors));
    }

    private static char State(int processId) => StateIn($"/proc/{processId}");

    private static char StateIn(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'Z';
        }
    }

    private static void Send(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        kill.WaitForExit();
    }
}
