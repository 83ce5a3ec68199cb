using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>The stand-ins for memory_profiler, mprof and pympler.</summary>
public class CompatTests
{
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Names_of_the_originals_lead_to_ours_where_they_should(string name) => FreshEnvironment.Of(name).RunProgram("compat.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Memory_profilers_surface_is_all_there(string name) => FreshEnvironment.Of(name).RunProgram("memory_profiler_api.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Each_measurement_of_lines_is_by_itself(string name) => FreshEnvironment.Of(name).RunProgram("line_tables.py");

    /// <summary>Names, signatures, defaults and options, as data.</summary>
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void The_contract_of_the_originals_is_kept_to_the_letter(string name) => FreshEnvironment.Of(name).RunProgram("contract.py");

    /// <summary>With Debian's IPython, whose site the environment is given.</summary>
    [Fact]
    public void The_magics_work_in_ipython_and_in_a_notebook()
    {
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python) || BuiltTool.Execute(Python, ["-c", "import IPython"]).ExitCode != 0)
            Assert.Skip("Debian's python3-ipython is not installed");
        using var folder = new TemporaryFolder();
        FreshEnvironment.Unpack(BuiltWheel.FilePath, folder.Path, "site-packages");
        var program = Path.Combine(Repository.Root, "tests/Hognose.Package.Tests/Programs/ipython_magics.py");

        var run = BuiltTool.Execute(Python, [program], folder: folder.Path, environment: new Dictionary<string, string?>()
        {
            ["PYTHONPATH"] = folder.At("site-packages"),
            ["HOGNOSE_TOOL"] = folder.At("bin/hognose"),
            ["IPYTHONDIR"] = folder.At("ipython"),
        });

        Assert.True(run.ExitCode == 0 && run.Output.EndsWith("ok\n", StringComparison.Ordinal), run.ToString());
    }

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void The_second_wheel_brings_the_names_themselves(string name)
    {
        using var folder = new TemporaryFolder();
        FreshEnvironment.Unpack(BuiltWheel.CompatFilePath, folder.Path, "names");
        var code = $"import sys; sys.path.insert(0, {Quoted(folder.At("names"))}); import memory_profiler, mprof, pympler; print(memory_profiler.__name__, mprof.__name__, pympler.__name__)";

        var run = FreshEnvironment.Of(name).Run("-c", code);

        Assert.Equal("hognose.compat.memory_profiler hognose.compat.mprof hognose.compat.pympler\n", run.Output);
    }

    private static string Quoted(string text) => $"'{text}'";
}
