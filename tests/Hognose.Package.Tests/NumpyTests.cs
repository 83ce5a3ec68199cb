using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>With Debian's numpy, the only one that is sure to be there.</summary>
public class NumpyTests
{
    private const string SystemPython = "/usr/bin/python3";

    [Fact]
    public void Views_hold_what_they_show_and_arrays_of_objects_their_elements()
    {
        var python = Interpreters.All.FirstOrDefault(each => each.Executable == SystemPython && each.IsSupported);
        if (python is null || BuiltTool.Execute(SystemPython, ["-c", "import numpy"]).ExitCode != 0)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "numpy is missing although .ci/run installs it");
            Assert.Skip($"{SystemPython} has no numpy (apt install python3-numpy)");
        }
        using var folder = new TemporaryFolder();

        FreshEnvironment.MadeByHand(python, folder.Path).RunProgram("numpy_arrays.py");
    }
}
