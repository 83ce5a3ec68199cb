using Hognose.Testing;

namespace Hognose.Cli.Tests.Arguments;

/// <summary>Where our options end and the program's begin.</summary>
public class RunArgumentTests
{
    private const string Show = "import sys; print(sys.argv[1:])";

    private static readonly string Python = Interpreters.Any.Executable;

    [Fact]
    public void What_follows_the_script_is_the_programs_also_when_it_looks_like_ours()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("show.py", Show);
        string[] theirs = ["-q", "-o", "theirs", "--python", "x", "--help", "--", "-m", "@file", ""];

        var run = BuiltTool.Run(["run", "-q", "-o", folder.At("x.alloc"), "--python", Python, script, .. theirs]);

        Assert.Equal("['-q', '-o', 'theirs', '--python', 'x', '--help', '--', '-m', '@file', '']\n", run.Output);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [Theory]
    [InlineData("-c", Show, "-q", "--help")]
    [InlineData("-c" + Show, "-q", "--help")]
    [InlineData("--", "-c", Show, "-q", "--help")]
    [InlineData("--", "-X", "utf8", "-W", "ignore", "-c", Show, "-q", "--help")]
    public void What_follows_code_or_two_dashes_is_pythons(params string[] theirs)
    {
        var run = BuiltTool.Run(["run", "-q", "-o", "/dev/null", "--python=" + Python, .. theirs]);

        Assert.Equal("['-q', '--help']\n", run.Output);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void A_module_a_folder_and_stdin_run_as_with_python()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("tool"));
        var file = folder.Write("tool/__main__.py", Show);

        Assert.Equal("['-o']\n", BuiltTool.Execute(BuiltTool.Path, ["run", "-q", "--python", Python, "-m", "tool", "-o"], folder: folder.Path).Output);
        Assert.Equal("['-o']\n", BuiltTool.Execute(BuiltTool.Path, ["run", "-q", "--python", Python, Path.GetDirectoryName(file)!, "-o"], folder: folder.Path).Output);
        Assert.Equal("['-o']\n", BuiltTool.Execute(BuiltTool.Path, ["run", "-q", "--python", Python, "-", "-o"], input: Show, folder: folder.Path).Output);
        var kept = Directory.GetFiles(folder.Path, "*.alloc").Select(Path.GetFileName).Select(name => name!.Split('.')[0]).Order();
        Assert.Equal(["hognose-stdin", "hognose-tool", "hognose-tool"], kept);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.part"));
    }

    [Fact]
    public void An_unknown_option_before_the_program_is_refused() =>
        Assert.Equal("hognose: no option '-X': options of python come after --; see 'hognose run --help'\n", BuiltTool.Run("run", "-X", "dev", "a.py").Errors);

    [Fact]
    public void The_active_virtual_environment_is_taken_before_the_path()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("bin"));
        File.CreateSymbolicLink(folder.At("bin/python"), Python);
        var environment = new Dictionary<string, string?> { ["VIRTUAL_ENV"] = folder.Path, ["PATH"] = "/no/such/folder" };

        var run = BuiltTool.Execute(BuiltTool.Path, ["run", "-q", "-o", "/dev/null", "-c", "import sys; print(sys.executable)"], environment: environment);

        Assert.Equal(folder.At("bin/python") + "\n", run.Output);
    }

    [Fact]
    public void An_older_recording_of_that_name_stays_until_there_is_something_of_the_new_one()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("x.alloc", "older");

        var run = BuiltTool.Run("run", "-q", "--aggregate", "--python", Python, "-o", file, "-c", $"print(open({Quoted(file)}).read())");

        Assert.Equal("older\n", run.Output);
        Assert.StartsWith("\u0089HGNA", File.ReadAllText(file, System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    private static string Quoted(string path) => $"'{path}'";
}
