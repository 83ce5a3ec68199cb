using Hognose.Testing;

namespace Hognose.Cli.Tests.Native;

/// <summary>A small library in C, compiled for a test; gcc is there wherever the tool can be built.</summary>
internal static class CompiledLibrary
{
    public static string Source(string name) => Path.Combine(Repository.Root, "tests/Hognose.Cli.Tests/Native", name);

    public static string Compile(TemporaryFolder folder, string source, params string[] options)
    {
        var library = folder.At($"lib{Path.GetFileNameWithoutExtension(source)}.so");
        // Without -fno-builtin gcc leaves out a malloc that is freed at once.
        var run = BuiltTool.Execute("gcc", ["-O1", "-fno-builtin", "-shared", "-fPIC", "-o", library, Source(source), .. options, "-pthread"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return library;
    }
}
