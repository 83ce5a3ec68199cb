using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>What a type checker sees of the package, with Debian's mypy.</summary>
public class TypeTests
{
    [Fact]
    public void Mypy_finds_nothing_in_its_strict_mode()
    {
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python) || BuiltTool.Execute(Python, ["-c", "import mypy"]).ExitCode != 0)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "mypy is missing although .ci/run installs it");
            Assert.Skip("Debian's mypy is not installed");
        }
        using var folder = new TemporaryFolder();

        var run = BuiltTool.Execute(Python, ["-m", "mypy", "--config-file", "mypy.ini", "--cache-dir", folder.Path], folder: Path.Combine(Repository.Root, "python"));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.StartsWith("Success: no issues found in ", run.Output, StringComparison.Ordinal);
    }
}
