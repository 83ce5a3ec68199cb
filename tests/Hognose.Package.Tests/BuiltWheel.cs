using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>The wheel, made by ./hognose wheel once a test run.</summary>
internal static class BuiltWheel
{
    private static readonly Lazy<string> Built = new(() => Build(Path.Combine(Repository.Root, ".cache", "wheel-of-tests")));

    public static string FilePath => Built.Value;

    /// <summary>The second wheel, which is made beside the first.</summary>
    public static string CompatFilePath => Directory.GetFiles(Path.GetDirectoryName(FilePath)!, "hognose_compat-*.whl").Single();

    public static string Build(string folder)
    {
        var run = BuiltTool.Execute(Path.Combine(Repository.Root, "hognose"), ["wheel", "-o", folder]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run.Output.Trim();
    }
}
