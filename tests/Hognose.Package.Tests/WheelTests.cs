using System.IO.Compression;
using Hognose.Testing;

namespace Hognose.Package.Tests;

public class WheelTests
{
    private const long Largest = 25_000_000;

    [Fact]
    public void The_same_sources_make_the_same_wheel()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(File.ReadAllBytes(BuiltWheel.FilePath), File.ReadAllBytes(BuiltWheel.Build(folder.Path)));
    }

    [Fact]
    public void The_wheel_is_small() => Assert.InRange(new FileInfo(BuiltWheel.FilePath).Length, 1, Largest);

    /// <summary>As auditwheel reads it: no binary asks for a later glibc than the tag says, and one asks for that very one.</summary>
    [Fact]
    public void The_tag_names_the_glibc_that_the_binaries_need()
    {
        using var folder = new TemporaryFolder();
        ZipFile.ExtractToDirectory(BuiltWheel.FilePath, folder.Path);
        var binaries = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Where(file => file.EndsWith(".so", StringComparison.Ordinal) || Path.GetFileName(file) == "hognose").ToList();

        var needed = binaries.SelectMany(GlibcOf).Max();

        Assert.Equal(3, binaries.Count);
        Assert.EndsWith($"-py3-none-manylinux_{needed!.Major}_{needed.Minor}_x86_64.whl", BuiltWheel.FilePath, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void The_tool_is_on_the_path_and_records_the_environments_python(string name)
    {
        var environment = FreshEnvironment.Of(name);
        using var folder = new TemporaryFolder();

        var run = environment.Execute(environment.Tool, "run", "-o", folder.At("x.alloc"), "--python", environment.Python, "-c", "import hognose; print(hognose.deepsizeof([]) > 0)");

        Assert.True(run.ExitCode == 0 && run.Output.StartsWith("True\n", StringComparison.Ordinal), run.ToString());
        Assert.True(File.Exists(folder.At("x.alloc")));
    }

    /// <summary>Where pip puts the parts with --target.</summary>
    [Fact]
    public void The_package_finds_its_tool_in_a_folder_of_packages()
    {
        using var folder = new TemporaryFolder();
        FreshEnvironment.Unpack(BuiltWheel.FilePath, folder.Path, "");

        var run = BuiltTool.Execute(Interpreters.Any.Executable, ["-c", "from hognose import _tool; print(_tool.path())"],
            environment: new Dictionary<string, string?> { ["PYTHONPATH"] = folder.Path, ["HOGNOSE_TOOL"] = null, ["PATH"] = "/usr/bin:/bin" });

        Assert.Equal(folder.At("bin/hognose") + "\n", run.Output);
    }

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Importing_starts_nothing_and_hooks_nothing(string name) => FreshEnvironment.Of(name).RunProgram("importing.py");

    [Fact]
    public void A_wrong_argument_is_told_in_one_line()
    {
        var run = BuiltTool.Execute(Path.Combine(Repository.Root, "hognose"), ["wheel", "there"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("hognose: usage: ./hognose wheel [-o FOLDER]\n", run.Errors);
    }

    private static IEnumerable<Version> GlibcOf(string file)
    {
        var run = BuiltTool.Execute("objdump", ["-p", file]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return from word in run.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
               where word.StartsWith("GLIBC_", StringComparison.Ordinal)
               select Version.Parse(word["GLIBC_".Length..]);
    }
}
