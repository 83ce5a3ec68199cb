using System.Globalization;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Mprof;

/// <summary><c>mprof run</c> and <c>attach</c>: what is run, what is written, how it ends.</summary>
public class RunTests
{
    /// <summary>20 MB for at least as long as 20 samples take; it says when its memory was full and when no more.</summary>
    private const string Program = """
        import sys, time
        @profile
        def inner():
            block = bytearray(20_000_000)
            began = time.time(); time.sleep(0.4)
            print(began, time.time())
            return block
        @profile(precision=4)
        def outer():
            with profile.timestamp("the whole block"):
                return inner()
        outer()
        print(sys.argv[1:], __name__, __file__)
        """;

    private static MprofRun New() => new() { Python = Interpreters.Any };

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_script_is_sampled_and_its_functions_note_when_they_ran(string name)
    {
        using var mprof = new MprofRun { Python = Interpreters.Find(name) };
        mprof.Write("script.py", Program);

        var run = mprof.Run("run", "--interval", "0.02", "script.py", "a b", "--interval", "-o");

        var said = run.Output.Split('\n');
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["mprof: Sampling memory every 0.02s", "running new process", "running as a Python program..."], said[..3]);
        Assert.Equal("['a b', '--interval', '-o'] __main__ script.py", said[4]);
        var file = Assert.Single(mprof.Profiles());
        Assert.Equal([$"CMDLINE {mprof.At("bin/python3")} script.py 'a b' --interval -o"], mprof.Lines(file, "CMDLINE"));
        var memory = Numbers(mprof.Lines(file, "MEM"));
        var full = Numbers([said[3]])[0];
        var during = memory.Where(sample => sample[1] > full[0] && sample[1] < full[1]).ToList();
        Assert.True(during.Count >= 5, string.Join('\n', mprof.Lines(file)));
        Assert.All(during, sample => Assert.InRange(sample[0], 20, 60));
        Assert.True(memory.Zip(memory.Skip(1)).All(pair => pair.Second[1] > pair.First[1]));

        var calls = mprof.Lines(file, "FUNC").Select(line => line.Split(' ')).ToList();
        Assert.Equal(["__main__.inner", "__main__.outer", ".the"], calls.Select(call => call[1]));
        Assert.Equal(["2", "0", "1"], calls.Select(call => call[^1]));
        var inner = Numbers([string.Join(' ', calls[0][2..])])[0];
        Assert.True(inner[1] <= full[0] && inner[3] >= full[1]);
        Assert.True(inner[2] - inner[0] > 19, "the block came while the function ran");
    }

    [Fact]
    public void Timestamps_survive_an_exception_and_recursion_and_a_forked_child()
    {
        using var mprof = New();
        mprof.Write("script.py", """
            import os
            @profile
            def down(n):
                if n == 0:
                    if os.fork() == 0: raise SystemExit(0)
                    os.wait()
                    raise KeyError("told")
                down(n - 1)
            @profile
            async def later(): return 5
            import asyncio
            asyncio.run(later())
            down(2)
            """);

        var run = mprof.Run("run", "-E", "-o", "x.dat", "script.py");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("KeyError: 'told'\n", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith("hognose: Program resulted with a non-zero exit code: 1\n", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["__main__.down 0", "__main__.down 1", "__main__.down 2", "__main__.later 0"], mprof.Lines("x.dat", "FUNC").Select(line => line.Split(' ')).Select(words => $"{words[1]} {words[^1]}"));
    }

    [Fact]
    public void A_script_is_the_main_module_itself()
    {
        using var mprof = New();
        mprof.Write("module_beside.py", "");
        mprof.Write("script.py", """
            import pickle, sys, module_beside
            class Kept: pass
            assert type(pickle.loads(pickle.dumps(Kept()))) is Kept
            print(sorted(name for name in globals() if not name.startswith('__')), sys.modules['__main__'].Kept is Kept)
            """);

        var run = mprof.Run("run", "-o", "x.dat", "script.py");

        Assert.Equal("['Kept', 'module_beside', 'pickle', 'sys'] True", run.Output.Split('\n')[3]);
    }

    [Theory]
    [InlineData("--python", "shown", "a")]
    [InlineData("--python", "python3", "shown.py", "a")]
    [InlineData("--nopython", "python3", "shown.py", "a")]
    [InlineData("--", "shown.py", "a")]
    [InlineData("python3", "shown.py", "a")]
    public void A_module_an_interpreter_or_a_program_can_be_named(params string[] line)
    {
        using var mprof = New();
        mprof.Write("shown.py", "import sys, os; print(os.path.basename(sys.argv[0]), sys.argv[1:], __name__)");

        var run = mprof.Run(["run", "-o", "x.dat", .. line]);

        Assert.Equal("shown.py ['a'] __main__", run.Output.TrimEnd().Split('\n')[^1]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void A_script_with_nopython_runs_by_its_own_first_line()
    {
        using var mprof = New();
        File.SetUnixFileMode(mprof.Write("own.py", "#!/bin/sh\necho own $1\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var run = mprof.Run("run", "--nopython", "-o", "x.dat", "./own.py", "way");

        Assert.Equal("mprof: Sampling memory every 0.1s\nrunning new process\nown way\n", run.Output);
        Assert.Equal(["CMDLINE ./own.py way"], mprof.Lines("x.dat", "CMDLINE"));
    }

    [Theory]
    [ClassData(typeof(SpreadInterpreters))]
    public void Children_are_summed_or_noted_on_their_own(string name)
    {
        using var mprof = new MprofRun { Python = Interpreters.Find(name) };
        mprof.Write("pool.py", """
            import multiprocessing, time
            def work(n):
                rows = bytearray(n * 30_000_000)
                time.sleep(0.5)
                return len(rows)
            if __name__ == "__main__":
                with multiprocessing.get_context("spawn").Pool(2) as pool:
                    print(pool.map(work, [1, 2]))
            """);

        var noted = mprof.Run("run", "-MT", "0.02", "-o", "noted.dat", "pool.py");
        var summed = mprof.Run("run", "-C", "-T0.02", "-o", "summed.dat", "pool.py");

        Assert.Equal("mprof: Sampling memory every 0.02s\nrunning new process\n[30000000, 60000000]\n", noted.Output);
        Assert.EndsWith("running as a Python program...\n[30000000, 60000000]\n", summed.Output, StringComparison.Ordinal);
        var peaks = Numbers(mprof.Lines("noted.dat", "CHLD")).GroupBy(line => line[0]).Select(child => child.Max(line => line[1])).OrderDescending().Take(2).ToList();
        Assert.InRange(peaks[0], 57, 90);
        Assert.InRange(peaks[1], 28, 57);
        var own = Numbers(mprof.Lines("noted.dat", "MEM")).Max(line => line[0]);
        var all = Numbers(mprof.Lines("summed.dat", "MEM")).Max(line => line[0]);
        Assert.InRange(own, 5, 28);
        Assert.True(all > 85, $"{all} MiB");
        Assert.Empty(mprof.Lines("summed.dat", "CHLD"));
    }

    [Theory]
    [InlineData("psutil", 40, 60)]
    [InlineData("posix", 40, 60)]
    [InlineData("psutil_uss", 40, 60)]
    [InlineData("psutil_pss", 20, 40)] // The block is shared with a child: each has half of it.
    public void A_backend_is_a_measure(string backend, int least, int most)
    {
        using var mprof = New();
        mprof.Write("shared.py", """
            import mmap, os, sys, time
            block = mmap.mmap(-1, 40_000_000, mmap.MAP_SHARED if sys.argv[1] == "psutil_pss" else mmap.MAP_PRIVATE)
            for _ in range(40): block.write(b"x" * 1_000_000)
            # Three quarters of the samples later it must be at rest, however long it took up to here.
            rest = max(0.5, 4 * (time.time() - os.stat("/proc/self").st_ctime))
            if sys.argv[1] == "psutil_pss" and os.fork() == 0:
                sum(block[i] for i in range(0, 40_000_000, 4096))
                time.sleep(rest + 0.1); os._exit(0)
            time.sleep(rest)
            """);

        mprof.Run("run", "--backend", backend, "-T", "0.02", "-o", "x.dat", "shared.py", backend);

        var samples = Numbers(mprof.Lines("x.dat", "MEM"));
        Assert.InRange(samples[samples.Count * 3 / 4][0], least, most);
    }

    [Theory]
    [InlineData(0, "exit 3")]
    [InlineData(3, "exit 3", "-E")]
    [InlineData(0, "exit 0", "--exit-code")]
    [InlineData(247, "kill -9 $$", "-E")]
    [InlineData(0, "kill -9 $$")]
    public void The_exit_status_is_mprofs(int status, string script, params string[] options)
    {
        using var mprof = New();

        Assert.Equal(status, mprof.Run(["run", "-o", "x.dat", .. options, "sh", "-c", script]).ExitCode);
    }

    [Fact]
    public void After_the_timeout_the_program_goes_on_without_us()
    {
        using var mprof = New();

        var run = mprof.Run("run", "-T0.05", "--timeout=1", "-o", "x.dat", "sh", "-c", "exec >/dev/null 2>&1; sleep 3; echo > done");

        var samples = Numbers(mprof.Lines("x.dat", "MEM"));
        Assert.False(File.Exists(mprof.At("done")));
        Assert.Equal(0, run.ExitCode);
        Assert.InRange(samples[^1][1] - samples[0][1], 0, 1);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(mprof.At("done")), TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_pipe_can_be_written_to()
    {
        using var mprof = New();

        var run = mprof.Run("run", "-o", "/dev/stdout", "true");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith("mprof: Sampling memory every 0.1s\nrunning new process\nCMDLINE true\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_that_is_sent_to_us_reaches_the_program_and_the_profile_is_whole()
    {
        using var mprof = New();
        using var run = BuiltTool.Start(["mprof", "run", "-E", "-T", "0.02", "-o", mprof.At("x.dat"), "sleep", "60"]);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(mprof.At("x.dat")) && mprof.Lines("x.dat", "MEM").Count > 3, TimeSpan.FromSeconds(60)));

        using (var kill = System.Diagnostics.Process.Start("/bin/kill", ["-TERM", run.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();

        Assert.True(run.WaitForExit(60_000));
        Assert.Equal(256 - 15, run.ExitCode);
        Assert.EndsWith("\n", File.ReadAllText(mprof.At("x.dat")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_file_is_continued()
    {
        using var mprof = New();
        mprof.Write("x.dat", "CMDLINE first\n");

        mprof.Run("run", "-o", "x.dat", "true");

        Assert.Equal(["CMDLINE first", "CMDLINE true"], mprof.Lines("x.dat", "CMDLINE"));
    }

    [Fact]
    public void Where_a_run_of_the_same_second_has_the_name_the_profile_gets_the_next_one()
    {
        using var mprof = New();
        var now = DateTimeOffset.Now;
        for (var second = 0; second < 120; second++)
            mprof.Write($"mprofile_{now.AddSeconds(second):yyyyMMddHHmmss}.dat", "CMDLINE first\n");
        var others = mprof.Profiles();

        var run = mprof.Run("run", "true");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.All(others, name => Assert.Equal(["CMDLINE first"], mprof.Lines(name)));
        Assert.Equal(["CMDLINE true"], mprof.Lines(Assert.Single(mprof.Profiles().Except(others)), "CMDLINE"));
    }

    [Theory]
    [InlineData("/no/such/program")]
    [InlineData("none.py")]
    [InlineData("-o", "/dev/null", "/no/such/program")]
    public void A_program_that_cannot_be_started_leaves_no_profile(params string[] arguments)
    {
        using var mprof = New();

        Assert.Equal(2, mprof.Run(["run", .. arguments]).ExitCode);
        Assert.Empty(mprof.Profiles());
    }

    [Fact]
    public void A_program_that_cannot_be_started_leaves_an_existing_file_as_it_was()
    {
        using var mprof = New();
        mprof.Write("x.dat", "CMDLINE first\nMEM 5.5 100\n");

        Assert.Equal(2, mprof.Run("run", "-o", "x.dat", "/no/such/program").ExitCode);
        Assert.Equal(["CMDLINE first", "MEM 5.5 100"], mprof.Lines("x.dat"));
    }

    [Fact]
    public void A_running_program_is_sampled_by_pid_and_by_name_until_it_ends()
    {
        using var mprof = New();
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.At("hognose-attached"), Interpreters.Find(InterpreterForm.StaticExecutable).Executable);
        using var program = TargetProgram.Start(folder.At("hognose-attached"), ["-c", "block = bytearray(30_000_000)\nprint('ready', flush=True); input()"]);

        var byPid = mprof.Run("attach", "-t", "1", "-o", "pid.dat", program.Pid.ToString(CultureInfo.InvariantCulture));
        var byName = mprof.Run("run", "-a", "--timeout", "1", "-o", "name.dat", "hognose-att");
        using var untilEnd = BuiltTool.Start(["mprof", "attach", "-T", "0.05", "-o", mprof.At("end.dat"), program.Pid.ToString(CultureInfo.InvariantCulture)]);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(mprof.At("end.dat")) && mprof.Lines("end.dat", "MEM").Count > 3, TimeSpan.FromSeconds(60)));
        Assert.False(program.HasExited);
        program.Finish();

        Assert.True(untilEnd.WaitForExit(60_000));
        Assert.Equal((0, 0, 0), (byPid.ExitCode, byName.ExitCode, untilEnd.ExitCode));
        Assert.Equal($"mprof: Sampling memory every 0.1s\nattaching to existing process, using hint: {program.Pid}\n", byPid.Output);
        Assert.Equal($"CMDLINE {program.Pid}", mprof.Lines("pid.dat")[0]);
        Assert.StartsWith($"CMDLINE {folder.At("hognose-attached")} -c 'block = ", mprof.Lines("name.dat")[0], StringComparison.Ordinal);
        Assert.All(Numbers(mprof.Lines("pid.dat", "MEM")).Concat(Numbers(mprof.Lines("name.dat", "MEM"))), sample => Assert.InRange(sample[0], 28, 60));
    }

    [Theory]
    [InlineData(1, "no program to sample", "run")]
    [InlineData(1, "no program to sample", "run", "--python")]
    [InlineData(1, "no program to sample", "attach")]
    [InlineData(1, "no command 'fly' of mprof", "fly")]
    [InlineData(2, "'0' is no interval", "run", "-T", "0", "true")]
    [InlineData(2, "'nan' is no interval", "run", "-T", "nan", "true")]
    [InlineData(2, "'x' is no interval", "run", "-Tx", "true")]
    [InlineData(2, "cannot stop after 0 seconds", "run", "--timeout", "0", "true")]
    [InlineData(2, "'x' is no value of option '--timeout' (it takes a number)", "run", "--timeout", "x", "true")]
    [InlineData(2, "'rss' is no value of option '--backend'", "run", "--backend", "rss", "true")]
    [InlineData(2, "tracemalloc measures from inside", "run", "--backend", "tracemalloc", "true")]
    [InlineData(2, "'/no/such/program' cannot be started", "run", "/no/such/program")]
    [InlineData(2, "no script 'none.py'", "run", "none.py")]
    [InlineData(2, "no program for 'python3' to run", "run", "--python", "python3")]
    [InlineData(2, "cannot write the profile to '/no/x.dat'", "run", "-o", "/no/x.dat", "true")]
    [InlineData(2, "the profile could not be written to '/dev/full'", "run", "-o", "/dev/full", "true")]
    [InlineData(2, "no process with pid 2147483647", "attach", "2147483647")]
    [InlineData(2, "no process whose name holds 'no such name'", "attach", "no such name")]
    [InlineData(2, "no option '--bogus'", "run", "--bogus", "true")]
    [InlineData(2, "no option '-X'", "run", "-X", "true")]
    [InlineData(2, "'--in' may be --interval or --include-children", "run", "--in", "1", "true")]
    public void Bad_input_is_one_line(int status, string problem, params string[] arguments)
    {
        using var mprof = New();

        var run = mprof.Run(arguments);

        Assert.Equal(status, run.ExitCode);
        Assert.Matches("^hognose: [^\n]+: [^\n]+\n$", run.Errors);
        Assert.StartsWith("hognose: " + problem, run.Errors, StringComparison.Ordinal);
    }

    private static List<double[]> Numbers(IEnumerable<string> lines) =>
        [.. lines.Select(line => line.Split(' ').Where(word => word.Length > 0 && !char.IsLetter(word[0])).Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray())];
}
