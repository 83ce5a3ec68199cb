using Hognose.Testing;

namespace Hognose.Cli.Tests.Arguments;

public class HelpTests
{
    private const string Folder = "tests/Hognose.Cli.Tests/Golden/";

    [Theory]
    [InlineData("hognose")]
    [InlineData("run", "run")]
    [InlineData("attach", "attach")]
    [InlineData("detach", "detach")]
    [InlineData("mark", "mark")]
    [InlineData("tracemalloc", "tracemalloc")]
    [InlineData("show", "show")]
    [InlineData("compare", "compare")]
    [InlineData("export", "export")]
    [InlineData("heap", "heap")]
    [InlineData("snapshot", "snapshot")]
    [InlineData("biggest", "biggest")]
    [InlineData("why", "why")]
    [InlineData("diff", "diff")]
    [InlineData("cycles", "cycles")]
    [InlineData("tree", "tree")]
    [InlineData("refs", "refs")]
    [InlineData("audit", "audit")]
    [InlineData("waste", "waste")]
    [InlineData("suspects", "suspects")]
    [InlineData("rss", "rss")]
    [InlineData("lines", "lines")]
    [InlineData("gc", "gc")]
    [InlineData("memory-profiler", "memory-profiler")]
    [InlineData("mprof", "mprof")]
    [InlineData("mprof-run", "mprof", "run")]
    [InlineData("mprof-attach", "mprof", "attach")]
    [InlineData("mprof-list", "mprof", "list")]
    [InlineData("mprof-peak", "mprof", "peak")]
    [InlineData("mprof-plot", "mprof", "plot")]
    [InlineData("mprof-rm", "mprof", "rm")]
    [InlineData("mprof-clean", "mprof", "clean")]
    public void Help_reads_as_it_was_read(string name, params string[] command)
    {
        var run = BuiltTool.Run([.. command, "--help"]);
        Assert.True(run is { ExitCode: 0, Errors: "" }, run.ToString());
        Golden.Matches($"{Folder}help-{name}.txt", run.Output);
        Assert.Equal(run.Output, BuiltTool.Run([.. command, "-h"]).Output);
    }

    [Fact]
    public void Help_fits_a_terminal_of_120_columns() =>
        Assert.All(Directory.GetFiles(Path.Combine(Repository.Root, Folder), "help-*.txt"), file =>
            Assert.All(File.ReadAllLines(file), line => Assert.True(line.Length <= 120, line)));

    [Fact]
    public void Without_arguments_the_help_goes_to_stderr_and_the_status_says_that_nothing_was_done()
    {
        var run = BuiltTool.Run();
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("hognose: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Usage:", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_one_line() => Assert.Matches("^hognose \\d+\\.\\d+\\.\\d+\n$", BuiltTool.Run("--version").Output);
}
