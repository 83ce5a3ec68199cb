using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Attaching;

/// <summary><c>hognose attach</c> and <c>detach</c>: a running program is recorded, and is the same before, meanwhile and afterwards.</summary>
public class AttachTests
{
    /// <summary>Until stdin ends, with the ending looked at by a thread that sleeps in a read.</summary>
    private const string Frame = """
        import sys, threading, time
        stop = []
        def watch():
            sys.stdin.read()
            stop.append(1)
        threading.Thread(target=watch, daemon=True).start()

        """;

    private const string Busy = """
        print("ready", flush=True)
        while not stop: rows = [str(number) for number in range(300)]
        """;

    private const string Asleep = """
        print("ready", flush=True)
        while not stop: time.sleep(0.2)
        """;

    public static TheoryData<string, string> Programs { get; } = new()
    {
        { "busy", Busy },
        { "asleep", Asleep },
        { "waiting for a lock", """
            lock = threading.Lock(); lock.acquire()
            print("ready", flush=True)
            while not stop: lock.acquire(timeout=0.2)
            """ },
        { "in select", """
            import os, select
            reading, writing = os.pipe()
            print("ready", flush=True)
            while not stop: select.select([reading], [], [], 0.2)
            """ },
        { "joining busy threads", """
            def work():
                while not stop: rows = [str(number) for number in range(300)]
            threads = [threading.Thread(target=work) for _ in range(4)]
            for thread in threads: thread.start()
            print("ready", flush=True)
            for thread in threads: thread.join()
            """ },
        { "busy in all threads", """
            def work():
                while not stop: rows = [str(number) for number in range(300)]
            threads = [threading.Thread(target=work) for _ in range(4)]
            for thread in threads: thread.start()
            print("ready", flush=True)
            work()
            """ },
        { "forking", """
            import os, warnings
            warnings.simplefilter("ignore")  # 3.12 warns of forks beside the thread above
            print("ready", flush=True)
            while not stop:
                child = os.fork()
                if child == 0:
                    rows = [str(number) for number in range(300)]
                    os._exit(3)
                assert os.waitpid(child, 0)[1] == 3 << 8
            """ },
        { "asyncio", """
            import asyncio
            async def work():
                while not stop:
                    rows = [str(number) for number in range(300)]
                    await asyncio.sleep(0.001)
            async def main(): await asyncio.gather(*[work() for _ in range(10)])
            print("ready", flush=True)
            asyncio.run(main())
            """ },
        { "an idle server", """
            import asyncio
            async def main():
                server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
                while not stop: await asyncio.sleep(0.5)
            print("ready", flush=True)
            asyncio.run(main())
            """ },
        { "in epoll for long", """
            import os, select, signal
            poll = select.epoll(); reading, writing = os.pipe(); poll.register(reading, select.EPOLLIN)
            def ended():
                while not stop: time.sleep(0.1)
                os.write(writing, b"x")
            ending = threading.Thread(target=ended); ending.start()
            print("ready", flush=True)
            poll.poll(120)
            ending.join()
            """ },
        { "waiting for a signal", """
            import os, signal
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
            def ended():
                while not stop: time.sleep(0.1)
                signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
            ending = threading.Thread(target=ended); ending.start()
            print("ready", flush=True)
            signal.sigtimedwait({signal.SIGUSR1}, 120)
            ending.join()
            """ },
        { "collecting", """
            import gc
            objects = [[number] for number in range(50_000)]
            print("ready", flush=True)
            while not stop: gc.collect()
            """ },
    };

    private const string Ending = """

        print("whole", threading.active_count(), any("hognose" in name for name in sys.modules), flush=True)
        sys.exit(7)
        """;

    /// <summary>All programs on the newest, the oldest and a middle one; the two commonest everywhere (below).</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_is_recorded_and_left_as_it_was_whatever_it_is_doing(string what, string text)
    {
        foreach (var python in Interpreters.Spread)
            AttachAndLeave(python, what, text, times: 3);
    }

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Every_interpreter_is_attached_to_busy_and_asleep(string name)
    {
        AttachAndLeave(Interpreters.Find(name), "busy", Busy, times: 2);
        AttachAndLeave(Interpreters.Find(name), "asleep", Asleep, times: 2);
    }

    [Fact]
    public void Twenty_times_in_a_row_leave_no_memory_no_mapping_and_no_descriptor_behind()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Frame + Busy + Ending);
        using var folder = new TemporaryFolder();
        Attach(program, folder);
        var (descriptors, mappings) = (Descriptors(program), Mappings(program));
        for (var turn = 0; turn < 19; turn++)
            Attach(program, folder);

        Assert.Equal(descriptors, Descriptors(program));
        // The program's own come and go; a ring left behind each time would be 19 more.
        Assert.InRange(Mappings(program), mappings - 8, mappings + 8);
        Assert.Equal(7, program.Finish().ExitCode);
    }

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void What_is_allocated_while_attached_is_counted_to_the_block(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), """
            import sys
            kept = [None] * 1000
            old = [bytes(5000) for _ in range(10)]
            def grow():
                for number in range(1000): kept[number] = bytes(4000)
            print("ready", flush=True)
            for line in sys.stdin:
                exec(line)
                print("ready", flush=True)
            """);
        using var folder = new TemporaryFolder();
        using var tool = Begin(program, folder.At("x.alloc"));
        program.Ask("grow(); old.clear()");
        Assert.Equal(0, BuiltTool.Run("detach", Pid(program)).ExitCode);
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));

        var report = JsonDocument.Parse(BuiltTool.Run("show", folder.At("x.alloc"), "--json", "--by", "function").Output).RootElement.ToString();
        Assert.Contains("\"grow\"", report, StringComparison.Ordinal);
        // bytes(4000) asks for 4033 bytes.
        Assert.Contains("4033000", report, StringComparison.Ordinal);
        Assert.Contains("freed had been allocated before recording began", tool.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sleep_is_not_cut_short()
    {
        foreach (var python in Interpreters.Spread)
        {
            using var program = TargetProgram.StartText(python, """
                import sys, time
                print("ready", flush=True)
                for line in sys.stdin:
                    begin = time.monotonic(); time.sleep(2.5); print(time.monotonic() - begin)
                    print("ready", flush=True)
                """);
            using var folder = new TemporaryFolder();
            var answer = "";
            var asking = new Thread(() => answer = program.Ask("sleep"));
            asking.Start();
            Attach(program, folder);
            Attach(program, folder);
            asking.Join();
            // Up to 3.10 the rest of a sleep begins anew after each stop.
            Assert.InRange(double.Parse(answer, CultureInfo.InvariantCulture), 2.5, 3.5);
        }
    }

    /// <summary>The recording stops by itself when the ring is full; the hooks pass through until somebody detaches.</summary>
    [Fact]
    public void A_program_outlives_an_attached_tool_that_is_killed_and_can_be_detached_and_attached_again()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Frame + Busy + Ending);
        using var folder = new TemporaryFolder();
        using (var tool = Begin(program, folder.At("x.alloc")))
        {
            tool.Kill();
            tool.WaitForExit();
        }
        Attach(program, folder);
        using (var tool = Begin(program, folder.At("x.alloc")))
        {
            tool.Kill();
            tool.WaitForExit();
        }
        var detach = BuiltTool.Run("detach", Pid(program));

        Assert.True(detach.ExitCode == 0, detach.ToString());
        Assert.DoesNotContain(File.ReadLines($"/proc/{program.Pid}/maps"), line => line.Contains("/memfd:hognose ", StringComparison.Ordinal));
        var end = program.Finish();
        Assert.Equal((7, ""), (end.ExitCode, end.Errors));
    }

    [Fact]
    public void A_tool_killed_while_it_attaches_leaves_a_program_that_goes_on()
    {
        var random = new Random(20261127);
        using var program = TargetProgram.StartText(Interpreters.Any, Frame + Busy + Ending);
        using var folder = new TemporaryFolder();
        for (var moment = 0; moment < 20; moment++)
        {
            using var tool = BuiltTool.Start(["attach", Pid(program), "-q", "-o", folder.At("x.alloc")]);
            Thread.Sleep(random.Next(0, 150));
            tool.Kill();
            tool.WaitForExit();
        }
        Attach(program, folder);

        var end = program.Finish();
        Assert.Equal((7, ""), (end.ExitCode, end.Errors));
    }

    [Fact]
    public void Who_cannot_be_attached_to_is_told_in_one_line()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Frame + Busy + Ending);
        using var folder = new TemporaryFolder();
        Refused("no process with pid", "attach", "999999999");
        using (var other = Process.Start(new ProcessStartInfo("/bin/sleep", ["60"]))!)
        {
            Refused("is not a Python process", "attach", other.Id.ToString(CultureInfo.InvariantCulture));
            other.Kill();
        }
        Refused("is not attached to", "detach", Pid(program));
        Refused("is no duration", "attach", Pid(program), "--duration", "soon");
        using (Begin(program, folder.At("x.alloc")))
        {
            Refused("is attached to already", "attach", Pid(program));
            Assert.Equal(0, BuiltTool.Run("detach", Pid(program)).ExitCode);
        }
        using var recorded = BuiltTool.Start(["run", "-q", "--python", Interpreters.Any.Executable, "-o", folder.At("y.alloc"), "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]);
        var inside = recorded.StandardOutput.ReadLine()!;
        Refused("is being recorded already", "attach", inside);
        Refused("runs under hognose", "detach", inside);
        recorded.Kill(entireProcessTree: true);
        using var filtered = TargetProgram.StartText(Interpreters.Any, """
            import ctypes, struct, sys
            libc = ctypes.CDLL(None)
            program = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7fff0000))  # a filter that allows everything
            class Filter(ctypes.Structure): _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
            assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(Filter(1, ctypes.addressof(program)))) == 0
            print("ready", flush=True)
            sys.stdin.read()
            """);
        Refused("a seccomp filter judges its system calls", "attach", Pid(filtered));
        Assert.Equal(7, program.Finish().ExitCode);
    }

    private static void AttachAndLeave(Interpreter python, string what, string text, int times)
    {
        using var program = TargetProgram.StartText(python, Frame + text + Ending);
        using var folder = new TemporaryFolder();
        for (var turn = 0; turn < times; turn++)
            Attach(program, folder);

        var end = program.Finish();
        Assert.True(end.ExitCode == 7 && end.Errors.Length == 0 && end.Output.StartsWith("whole ", StringComparison.Ordinal) && end.Output.EndsWith(" False\n", StringComparison.Ordinal),
            $"{python}, {what}: {end}");
    }

    private static void Attach(TargetProgram program, TemporaryFolder folder)
    {
        var run = BuiltTool.Run("attach", Pid(program), "--duration", "0.05", "-q", "-o", folder.At("x.alloc"));
        Assert.True(run is { ExitCode: 0, Errors: "", Output: "" }, run.ToString());
        Assert.True(File.Exists(folder.At("x.alloc")));
    }

    /// <summary>Attached until somebody says otherwise.</summary>
    private static Process Begin(TargetProgram program, string file)
    {
        var tool = BuiltTool.Start(["attach", Pid(program), "-o", file]);
        Assert.StartsWith("hognose: attached to pid", tool.StandardError.ReadLine(), StringComparison.Ordinal);
        return tool;
    }

    private static void Refused(string reason, params string[] arguments)
    {
        var run = BuiltTool.Run(arguments);
        Assert.True(run.ExitCode == 2 && run.Errors.Contains(reason, StringComparison.Ordinal) && run.Errors.Count(each => each == '\n') == 1, run.ToString());
    }

    private static string Pid(TargetProgram program) => program.Pid.ToString(CultureInfo.InvariantCulture);

    private static int Descriptors(TargetProgram program) => Directory.GetFileSystemEntries($"/proc/{program.Pid}/fd").Length;

    private static int Mappings(TargetProgram program) => File.ReadLines($"/proc/{program.Pid}/maps").Count();
}
