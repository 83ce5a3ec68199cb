using Hognose.Testing;

namespace Hognose.Cli.Tests.Arguments;

public class LinesTests
{
    private const string Program = """
        def grow(kept):
            for _ in range(50):
                kept.append(bytearray(100_000))

        def pass_by():
            for _ in range(20):
                bytearray(1_000_000)

        rows = []
        grow(rows)
        pass_by()
        import os; os._exit(0)
        """;

    /// <summary>Bytearrays of a hundred thousand bytes and a final zero, and their heads of 56 bytes.</summary>
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void The_lines_say_what_the_program_did(string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write("grow.py", Program);
        BuiltTool.Execute(BuiltTool.Path, ["run", "-q", "--python", Interpreters.Find(name).Executable, "-o", "x.alloc", "grow.py"], folder: folder.Path);

        var run = BuiltTool.Execute(BuiltTool.Path, ["lines", "x.alloc", "grow.py"], folder: folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"(?m)^ +3 +4\.8 MiB .* 4\.8 MiB +\S+ MiB +kept\.append\(bytearray\(100_000\)\)$", run.Output);
        Assert.Matches(@"(?m)^ +7 +19\.1 MiB +19\.1 MiB +.*bytearray\(1_000_000\)$", run.Output);
        Assert.Matches(@"(?m)^ +10 +4\.8 MiB .* 4\.8 MiB +\S+ MiB  grow\(rows\)$", run.Output);
        Assert.Matches(@"(?m)^ +11 +19\.1 MiB .*pass_by\(\)$", run.Output);
    }

    [Fact]
    public void Options_and_sources_choose_what_is_shown()
    {
        using var folder = new TemporaryFolder();
        folder.Write("grow.py", Program.Replace("rows = []", "import json; json.loads('[1, 2]'); rows = []", StringComparison.Ordinal));
        BuiltTool.Execute(BuiltTool.Path, ["run", "-q", "--python", Interpreters.Any.Executable, "-o", "x.alloc", "grow.py"], folder: folder.Path);
        string Lines(params string[] options) => BuiltTool.Execute(BuiltTool.Path, ["lines", "x.alloc", .. options], folder: folder.Path).Output;

        Assert.Contains("with what its lines call", Lines(), StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^ +10 .*MiB.*grow\\(rows\\)$", Lines("--own"));
        Assert.Contains("\n       4\n", Lines("--whole", "grow.py"), StringComparison.Ordinal);
        Assert.Matches("json/decoder.py\n.*high-water mark", Lines("json/decoder.py"));
        Assert.Contains("importlib._bootstrap\n", Lines("importlib._bootstrap"), StringComparison.Ordinal);

        File.SetLastWriteTimeUtc(folder.At("grow.py"), DateTime.UtcNow.AddHours(1));
        Assert.Contains("grow.py' was changed after the recording: lines may have moved.", OneLine(Lines("grow.py")), StringComparison.Ordinal);
        File.Delete(folder.At("grow.py"));
        Assert.Contains("grow.py' is not there to be shown beside the figures.", OneLine(Lines()), StringComparison.Ordinal);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Bad_input_is_one_line()
    {
        using var folder = new TemporaryFolder();
        BuiltTool.Run("run", "-q", "--python", Interpreters.Any.Executable, "-o", folder.At("x.alloc"), "-c", "import json, collections");
        string Errors(params string[] arguments)
        {
            var run = BuiltTool.Run(["lines", .. arguments]);
            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.Matches("^hognose: [^\n]+: [^\n]+\n$", run.Errors);
            return run.Errors;
        }

        Assert.Contains("'none.py' allocated nothing in this recording", Errors(folder.At("x.alloc"), "none.py"), StringComparison.Ordinal);
        Assert.Contains("'__init__.py' may be several files", Errors(folder.At("x.alloc"), "__init__.py"), StringComparison.Ordinal);
        Assert.Contains("no script 'app.py'", Errors("app.py"), StringComparison.Ordinal);
        Assert.Contains("cannot read 'none.alloc'", Errors("none.alloc"), StringComparison.Ordinal);
        Assert.Contains("'lines' needs a FILE", Errors(), StringComparison.Ordinal);
    }
}
