using Hognose.Testing;

namespace Hognose.Cli.Tests.BadInput;

/// <summary>No room for the recording, or for the ring in shared memory. The program, once started, lives on all the same.</summary>
public class NoRoomTests
{
    private const string Program = "kept = [str(i) for i in range(20000)]; print(len(kept)); raise SystemExit(5)";

    [Fact]
    public void A_full_disk_is_said_and_the_programs_own_status_wins()
    {
        using var folder = new TemporaryFolder();
        using var disk = SmallDisk.Mount(folder.At("disk"), "16k");
        File.WriteAllBytes(Path.Combine(disk.Path, "filler"), new byte[12 * 1024]);

        var run = BuiltTool.Run("run", "-q", "--python", Interpreters.Any.Executable, "-o", Path.Combine(disk.Path, "x.alloc"), "-c", Program);

        Assert.Equal((5, "20000\n"), (run.ExitCode, run.Output));
        Assert.Matches("^hognose: [^\n]*x.alloc[^\n]*\n$", run.Errors);
    }

    [Fact]
    public void A_device_that_is_always_full_is_said()
    {
        var run = BuiltTool.Run("run", "-q", "--python", Interpreters.Any.Executable, "-o", "/dev/full", "-c", "pass");

        BadInputTests.MustBeOneLine(run, "/dev/full");
    }

    [Fact]
    public void A_picture_that_finds_no_room_leaves_the_former_one()
    {
        using var folder = new TemporaryFolder();
        using var disk = SmallDisk.Mount(folder.At("disk"), "32k");
        BuiltTool.Run("run", "-q", "--python", Interpreters.Any.Executable, "-o", folder.At("x.alloc"), "-c", Program);
        var picture = Path.Combine(disk.Path, "x.svg");
        File.WriteAllText(picture, "the former one");
        File.WriteAllBytes(Path.Combine(disk.Path, "filler"), new byte[24 * 1024]);

        var run = BuiltTool.Run("show", folder.At("x.alloc"), "--picture", picture);

        BadInputTests.MustBeOneLine(run, "the picture could not be written");
        Assert.Contains("another place with --picture", run.Errors, StringComparison.Ordinal);
        Assert.Equal("the former one", File.ReadAllText(picture));
        Assert.Equal(2, Directory.GetFiles(disk.Path).Length);
    }

    [Fact]
    public void A_pipe_that_nobody_reads_any_more_keeps_nobody_waiting()
    {
        using var folder = new TemporaryFolder();
        var script = $"mkfifo pipe; sleep 60 <pipe >/dev/null 2>&1 & '{BuiltTool.Path}' run -q --python '{Interpreters.Any.Executable}' -o pipe -c '{Program}'; status=$?; kill %1; exit $status";

        var run = BuiltTool.Execute("/bin/bash", ["-c", script], folder: folder.Path, patience: TimeSpan.FromSeconds(50));

        Assert.Equal((5, "20000\n"), (run.ExitCode, run.Output));
        Assert.Matches("^hognose: the recording in 'pipe' ends after [^\n]*nothing could be written for 10 seconds: [^\n]*\n$", run.Errors);
    }

    [Fact]
    public void No_room_in_shared_memory_is_said_before_the_program_starts()
    {
        Assert.SkipUnless(Environment.UserName == "root", "a machine's shared memory can be made small by root only");
        var script = $"mount -t tmpfs -o size=64k none /dev/shm && exec '{BuiltTool.Path}' run -q --python '{Interpreters.Any.Executable}' -o /dev/null -c 'print(1)'";
        var run = BuiltTool.Execute("/usr/bin/unshare", ["--mount", "/bin/sh", "-c", script]);

        // Either the ring doesn't live there (memfd) and all is well, or it is refused in one line.
        if (run.ExitCode == 0)
            Assert.Equal(new ToolRun(0, "1\n", ""), run);
        else
            BadInputTests.MustBeOneLine(run, "shared memory");
    }

    /// <summary>RLIMIT_FSIZE bounds memory files as well: the one way to take shared memory away from one process alone.</summary>
    [Fact]
    public void A_limit_that_forbids_the_ring_is_said_before_the_program_starts()
    {
        using var folder = new TemporaryFolder();
        var script = $"ulimit -f 16; exec '{BuiltTool.Path}' run -q --python '{Interpreters.Any.Executable}' -o '{folder.At("x.alloc")}' -c 'print(1)'";

        BadInputTests.MustBeOneLine(BuiltTool.Execute("/bin/bash", ["-c", script]), "shared memory");
    }
}
