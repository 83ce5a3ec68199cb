using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>Under every command that runs a program, names of the originals lead to ours where the program's Python has none; with --compat always.</summary>
public class StandInTests
{
    private const string Original = "memory_profiler.py";

    private const string Program = """
        import sys
        import memory_profiler
        from pympler import asizeof
        print(__name__, sys.argv, memory_profiler.__name__, asizeof.asizeof([]) > 0)
        sys.exit(3)
        """;

    [Theory]
    [InlineData("run", "-q")]
    [InlineData("gc", "")]
    [InlineData("lines", "")]
    [InlineData("memory-profiler", "")]
    public void A_python_without_any_package_gets_ours(string command, string option)
    {
        using var place = new Place();

        var run = place.Run(command, option, "a", "-m");

        Assert.Equal((3, "__main__ ['app.py', 'a', '-m'] hognose.compat.memory_profiler True\n"), (run.ExitCode, FirstLine(run.Output)));
    }

    /// <summary>On the oldest and the newest, where imports differ the most.</summary>
    [Theory]
    [InlineData("3.8")]
    [InlineData("3.15")]
    public void Also_mprof_and_every_version(string name)
    {
        using var place = new Place(Interpreters.Find(name));

        var sampled = place.Run("mprof", "run");
        var recorded = place.Run("run", "-q");

        Assert.Contains("hognose.compat.memory_profiler True", sampled.Output, StringComparison.Ordinal);
        Assert.Equal(3, recorded.ExitCode);
        Assert.Contains("hognose.compat.memory_profiler True", recorded.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("gc")]
    [InlineData("lines")]
    public void An_installed_original_keeps_its_name_unless_ours_is_asked_for(string command)
    {
        using var place = new Place();
        place.Write(Original, "");

        var plain = place.Run(command, "");
        var ours = place.Run(command, "--compat");

        Assert.Contains("'-c'] memory_profiler ", place.Run("run", "-q", code: "import memory_profiler, sys; print(sys.argv, memory_profiler.__name__, '')").Output, StringComparison.Ordinal);
        Assert.Contains(" memory_profiler True", plain.Output, StringComparison.Ordinal);
        Assert.Contains(" hognose.compat.memory_profiler True", ours.Output, StringComparison.Ordinal);
    }

    /// <summary>What was held is told by the program's own lines; what runs it is no caller of theirs.</summary>
    [Fact]
    public void The_report_names_the_programs_own_lines()
    {
        using var place = new Place();
        place.Write("app.py", "import pympler\ndef work():\n    return [bytes(1000) for _ in range(5000)]\nkept = work()\n");

        var run = place.Run("run", "");

        Assert.Matches(@"app\.py:3\n", run.Errors);
        Assert.Contains("<module> app.py:4", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"app\.py.*<string>", run.Errors);
    }

    private static string FirstLine(string text) => text[..(text.IndexOf('\n', StringComparison.Ordinal) + 1)];

    /// <summary>A folder with app.py, the tool of this checkout and an interpreter that has no package of ours.</summary>
    private sealed class Place : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Interpreter _python;

        public Place(Interpreter? python = null)
        {
            _python = python ?? Interpreters.Any;
            Write("app.py", Program);
        }

        public void Dispose() => _folder.Dispose();

        public void Write(string name, string text) => File.WriteAllText(_folder.At(name), text);

        public ToolRun Run(string command, string option, params string[] arguments) => Execute([command, .. Words(option), "app.py", .. arguments]);

        public ToolRun Run(string command, string option, string code) => Execute([command, .. Words(option), "-c", code]);

        private ToolRun Execute(string[] words) => BuiltTool.Execute(BuiltTool.Path, words, folder: _folder.Path, environment: Environment);

        private static string[] Words(string option) => option.Length == 0 ? [] : [option];

        private Dictionary<string, string?> Environment => new()
        {
            ["PATH"] = _folder.At("bin") + ":/usr/bin:/bin",
            ["PYTHONPATH"] = null,
            ["VIRTUAL_ENV"] = VirtualEnvironment(),
        };

        /// <summary>What the commands without --python take; a script, since an interpreter finds its library by where it is.</summary>
        private string VirtualEnvironment()
        {
            var python = _folder.At("bin/python");
            if (!File.Exists(python))
            {
                Directory.CreateDirectory(_folder.At("bin"));
                File.WriteAllText(python, $"#!/bin/sh\nexec '{_python.Executable}' \"$@\"\n");
                File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            return _folder.Path;
        }
    }
}
