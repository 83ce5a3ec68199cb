using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>The plugin in a pytest of Debian's, found by its entry point; tested by pytest's own pytester.</summary>
public class PytestPluginTests
{
    private const string SystemPython = "/usr/bin/python3";

    [Fact]
    public void Marks_limit_what_tests_hold_leave_and_grow_by()
    {
        var python = Interpreters.All.FirstOrDefault(each => each.Executable == SystemPython && each.IsSupported);
        if (python is null || BuiltTool.Execute(SystemPython, ["-c", "import pytest, xdist"]).ExitCode != 0)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "pytest is missing although .ci/run installs it");
            Assert.Skip($"{SystemPython} has no pytest with xdist (apt install python3-pytest python3-pytest-xdist)");
        }
        using var folder = new TemporaryFolder();
        var environment = FreshEnvironment.MadeByHand(python, folder.Path);

        var run = environment.Run("-m", "pytest", "-q", "-p", "pytester", "-p", "no:cacheprovider", Path.Combine(Repository.Root, "tests/Hognose.Package.Tests/Programs/pytest_plugin.py"));

        Assert.True(run.ExitCode == 0 && run.Output.Contains(" passed", StringComparison.Ordinal) && !run.Output.Contains("skipped", StringComparison.Ordinal), run.ToString());
    }
}
