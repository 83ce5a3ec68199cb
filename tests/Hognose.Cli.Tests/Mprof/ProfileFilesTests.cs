using Hognose.Testing;

namespace Hognose.Cli.Tests.Mprof;

/// <summary>list, rm, clean, peak: profiles named by number and by file.</summary>
public class ProfileFilesTests
{
    private const string Functions = "tests/Hognose.Formats.Tests/Golden/mprof-0.61-functions.dat";
    private const string Children = "tests/Hognose.Formats.Tests/Golden/mprof-0.61-children.dat";

    private static MprofRun WithThree()
    {
        var mprof = new MprofRun { Python = Interpreters.Any };
        mprof.Write("mprofile_20240229235958.dat", File.ReadAllText(Path.Combine(Repository.Root, Functions)));
        mprof.Write("mprofile_20251231000000.dat", File.ReadAllText(Path.Combine(Repository.Root, Children)));
        mprof.Write("mprofile_20261122210056.dat", "CMDLINE x\nMEM 5.5 100\n");
        mprof.Write("mprofile_20251231000000_ts.dat", "");
        mprof.Write("mprofile_2026.dat", "");
        mprof.Write("other.dat", "");
        return mprof;
    }

    [Fact]
    public void The_list_is_mprofs_to_the_letter()
    {
        using var mprof = WithThree();

        Assert.Equal(new ToolRun(0, """
            0 mprofile_20240229235958.dat 23:59:58 29/02/2024
            1 mprofile_20251231000000.dat 00:00:00 31/12/2025
            2 mprofile_20261122210056.dat 21:00:56 22/11/2026

            """, ""), mprof.Run("list"));
    }

    [Theory]
    [InlineData("Using last profile data.\nmprofile_20261122210056.dat\t5.500 MiB\n")]
    [InlineData("mprofile_20240229235958.dat\t55.359 MiB\n", "0")]
    [InlineData("mprofile_20251231000000.dat\t12.727 MiB\n  Child 17390\t\t\t20.320 MiB\n  Child 17391\t\t\t29.855 MiB\n", "-2")]
    [InlineData("mprofile_20240229235958.dat\t55.359 MiB\nmprofile_20261122210056.dat\t5.500 MiB\n", "-3", "2", "0", "mprofile_20261122210056.dat")]
    [InlineData("mprofile_20240229235958.dat\t32.469 MiB\n", "--func", "__main__.inner", "cut.dat")]
    [InlineData("mprofile_20240229235958.dat\tNaN MiB\n", "0", "--func=inner")]
    public void The_peak_is_mprofs_to_the_letter(string output, params string[] arguments)
    {
        using var mprof = WithThree();
        // Only the first call of the function, so that its peak is not the whole program's.
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, Functions)).Where(line => !line.Contains("inner 32.4688", StringComparison.Ordinal));
        mprof.Write("cut.dat", string.Join('\n', lines) + "\n");

        var run = mprof.Run(["peak", .. arguments]);

        Assert.Equal(new ToolRun(0, output.Replace("mprofile_20240229235958", arguments.Contains("cut.dat") ? "cut" : "mprofile_20240229235958", StringComparison.Ordinal), ""), run);
    }

    [Fact]
    public void A_cut_off_profile_is_shown_with_a_line_that_says_so()
    {
        using var mprof = WithThree();
        mprof.Write("cut.dat", "MEM 1.5 100\nMEM 2.5 10");

        Assert.Equal(new ToolRun(0, "cut.dat\t1.500 MiB\n", "hognose: 'cut.dat' is cut off in line 2, which is left out\n"), mprof.Run("peak", "cut.dat"));
    }

    [Fact]
    public void Profiles_are_removed_by_number_and_by_file_with_their_timestamps()
    {
        using var mprof = WithThree();

        var dry = mprof.Run("rm", "--dry-run", "-2", "0", "other.dat");
        Assert.Equal(new ToolRun(0, "Files to be removed: \nmprofile_20251231000000.dat\nmprofile_20240229235958.dat\nother.dat\nmprofile_20251231000000_ts.dat\n", ""), dry);
        Assert.Equal(3, mprof.Profiles().Count);

        Assert.Equal(new ToolRun(0, "", ""), mprof.Run("rm", "-2", "0", "other.dat"));
        Assert.Equal(["mprofile_20261122210056.dat"], mprof.Profiles());
        Assert.False(File.Exists(mprof.At("mprofile_20251231000000_ts.dat")) || File.Exists(mprof.At("other.dat")));
    }

    [Fact]
    public void Clean_removes_profiles_and_nothing_else()
    {
        using var mprof = WithThree();

        Assert.Equal("Files to be removed: \nmprofile_20240229235958.dat\nmprofile_20251231000000.dat\nmprofile_20261122210056.dat\nmprofile_20251231000000_ts.dat\n", mprof.Run("clean", "--dry-run").Output);
        Assert.Equal(new ToolRun(0, "", ""), mprof.Run("clean"));

        Assert.Empty(mprof.Profiles());
        Assert.True(File.Exists(mprof.At("mprofile_2026.dat")) && File.Exists(mprof.At("other.dat")));
        Assert.Equal(new ToolRun(0, "", ""), mprof.Run("list"));
        Assert.Equal(new ToolRun(0, "", ""), mprof.Run("clean"));
    }

    [Theory]
    [InlineData(1, "no profile to remove", "rm")]
    [InlineData(2, "no profile number 3 (there are 3 in this directory)", "rm", "0", "3")]
    [InlineData(2, "no profile number -4", "peak", "-4")]
    [InlineData(2, "no file 'none.dat'", "rm", "0", "none.dat")]
    [InlineData(2, "no file 'none.dat'", "peak", "none.dat")]
    [InlineData(2, "'bin' is a folder", "rm", "bin")]
    [InlineData(2, "'other.dat' holds no memory samples", "peak", "other.dat")]
    [InlineData(2, "'bad.dat' is not a profile of mprof, or is damaged (line 2: 'x' is not an amount of memory in MiB)", "peak", "bad.dat")]
    [InlineData(2, "unexpected argument '4'", "list", "4")]
    [InlineData(2, "unexpected argument '4'", "clean", "4")]
    public void Bad_input_is_one_line_and_removes_nothing(int status, string problem, params string[] arguments)
    {
        using var mprof = WithThree();
        mprof.Write("bad.dat", "MEM 1 100\nMEM x 100\n");

        var run = mprof.Run(arguments);

        Assert.Equal((status, ""), (run.ExitCode, run.Output));
        Assert.Matches("^hognose: [^\n]+: [^\n]+\n$", run.Errors);
        Assert.StartsWith("hognose: " + problem, run.Errors, StringComparison.Ordinal);
        Assert.Equal(3, mprof.Profiles().Count);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("clean")]
    [InlineData("peak")]
    [InlineData("plot")]
    [InlineData("rm 0")]
    public void A_folder_that_was_deleted_is_said_to_be(string command)
    {
        using var folder = new TemporaryFolder();

        var run = BuiltTool.Execute("/bin/sh", ["-c", $"mkdir gone && cd gone && rmdir ../gone && exec '{BuiltTool.Path}' mprof {command}"], folder: folder.Path);

        Assert.Equal(new ToolRun(2, "", "hognose: cannot look for profiles in the current directory: it was deleted: go to another one, or name a .dat file by its whole path\n"), run);
    }

    [Fact]
    public void A_profile_is_named_by_its_path_where_the_folder_was_deleted()
    {
        using var mprof = WithThree();
        var profile = mprof.At("mprofile_20261122210056.dat");

        var run = BuiltTool.Execute("/bin/sh", ["-c", $"mkdir gone && cd gone && rmdir ../gone && exec '{BuiltTool.Path}' mprof peak '{profile}'"], folder: mprof.At("."));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("5.500 MiB", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_profile_the_status_is_mprofs()
    {
        using var mprof = new MprofRun { Python = Interpreters.Any };

        var run = mprof.Run("peak");

        Assert.Equal((255, "hognose: no profile (mprofile_*.dat) in this directory: make one with 'hognose mprof run', or name a file\n"), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void Without_a_command_the_help_is_printed_and_the_status_is_mprofs()
    {
        var run = BuiltTool.Run("mprof");

        Assert.Equal(new ToolRun(1, BuiltTool.Run("mprof", "--help").Output, ""), run);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("attach")]
    [InlineData("rm")]
    [InlineData("clean")]
    [InlineData("list")]
    [InlineData("peak")]
    [InlineData("plot")]
    public void Every_command_knows_its_version(string command) =>
        Assert.Equal(BuiltTool.Run("--version").Output, BuiltTool.Run("mprof", command, "--version").Output);
}
