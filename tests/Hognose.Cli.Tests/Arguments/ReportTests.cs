using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Arguments;

/// <summary>The report of a real run, and the same from the file.</summary>
public class ReportTests
{
    private const string Program = """
        def grow():
            rows = []
            for _ in range(50): rows.append(bytearray(100_000))
            return rows
        kept = grow()
        del kept
        raise SystemExit(4)
        """;

    [Fact]
    public void The_report_goes_to_stderr_and_show_prints_it_again()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("grow.py", Program);

        var run = BuiltTool.Execute(BuiltTool.Path, ["run", "--python", Interpreters.Any.Executable, "-o", "x.alloc", script], folder: folder.Path);
        var show = BuiltTool.Execute(BuiltTool.Path, ["show", "x.alloc"], folder: folder.Path);

        Assert.Equal((4, ""), (run.ExitCode, run.Output));
        Assert.Contains("exited with status 4", run.Errors, StringComparison.Ordinal);
        Assert.Matches("\\bgrow +grow.py:3\\b", run.Errors);
        Assert.Contains("hognose show x.alloc --by function", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Errors);
        Assert.Equal((0, run.Errors, ""), (show.ExitCode, show.Output, show.Errors));
    }

    [Fact]
    public void The_json_agrees_with_what_the_program_did()
    {
        using var folder = new TemporaryFolder();
        BuiltTool.Run("run", "-q", "--python", Interpreters.Any.Executable, "-o", folder.At("x.alloc"), folder.Write("grow.py", Program));

        using var document = JsonDocument.Parse(BuiltTool.Run("show", folder.At("x.alloc"), "--json", "--by", "function").Output);
        var program = document.RootElement.GetProperty("program");
        var site = document.RootElement.GetProperty("high_water_mark").GetProperty("sites").EnumerateArray().First(one => one.GetProperty("function").GetString()?.Contains("grow", StringComparison.Ordinal) == true);

        Assert.Equal(4, program.GetProperty("exit_status").GetInt32());
        // Fifty buffers of 100,000 bytes and a final zero; the list and the objects' heads are small beside them.
        Assert.InRange(site.GetProperty("bytes").GetInt64(), 50 * 100_001, (50 * 100_001) + 20_000);
    }

    [Fact]
    public void A_lost_recording_still_leaves_the_report()
    {
        var run = BuiltTool.Run("run", "--python", Interpreters.Any.Executable, "-o", "/dev/full", "-c", "pass");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("High-water mark", run.Errors, StringComparison.Ordinal);
        Assert.Matches("\nhognose: the recording in '/dev/full' ends after [0-9.]+ s: no space left on the disk: [^\n]*\n$", run.Errors);
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    [InlineData("<&- 2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public void Closed_or_full_standard_streams_change_neither_the_status_nor_the_recording(string redirection)
    {
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Execute("/bin/sh", ["-c", $"'{BuiltTool.Path}' run --python '{Interpreters.Any.Executable}' -o '{folder.At("x.alloc")}' -c 'raise SystemExit(7)' {redirection}"]);

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("exited with status 7", BuiltTool.Run("show", folder.At("x.alloc")).Output, StringComparison.Ordinal);
    }

    /// <summary>At the last buffer or at the first of many.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("--sites 100000")]
    [InlineData("--json --by line --sites 100000")]
    public void A_report_that_cannot_be_written_is_told(string options)
    {
        using var folder = new TemporaryFolder();
        BuiltTool.Run("run", "-q", "--python", Interpreters.Any.Executable, "-o", folder.At("x.alloc"), "-c", "pass");

        var run = BuiltTool.Execute("/bin/sh", ["-c", $"'{BuiltTool.Path}' show '{folder.At("x.alloc")}' {options} >/dev/full"]);

        Assert.Equal((2, "hognose: cannot write to standard output: no space left on the disk: send it elsewhere\n"), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void A_killed_program_leaves_its_report_and_its_recording()
    {
        using var folder = new TemporaryFolder();

        var run = BuiltTool.Run("run", "--python", Interpreters.Any.Executable, "-o", folder.At("x.alloc"), "-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)");

        Assert.Equal(128 + 15, run.ExitCode);
        Assert.Contains("was killed by SIGTERM (15)", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Held when killed", BuiltTool.Run("show", folder.At("x.alloc")).Output, StringComparison.Ordinal);
        Assert.Equal([folder.At("x.alloc")], Directory.GetFiles(folder.Path));
    }
}
