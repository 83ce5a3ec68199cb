using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Behaviour;

/// <summary>The same command line of Python run twice: plain, and under `hognose run --quiet`. Nothing may tell them apart.</summary>
internal sealed partial record TwinRun(ToolRun Plain, ToolRun Recorded, string Recording)
{
    /// <param name="options">Of <c>hognose run</c>, besides those that every twin has.</param>
    public static TwinRun Of(
        Interpreter python, IReadOnlyList<string> program, TemporaryFolder folder, string input = "", IReadOnlyDictionary<string, string?>? environment = null,
        IReadOnlyList<string>? options = null)
    {
        var recording = folder.At("twin.alloc");
        var plain = BuiltTool.Execute(python.Executable, program, input, folder.Path, environment);
        var recorded = BuiltTool.Execute(
            BuiltTool.Path, ["run", "--quiet", .. options ?? [], "--python", python.Executable, "-o", recording, "--", .. program], input, folder.Path, environment);
        return new TwinRun(plain, recorded, recording);
    }

    public void MustBeAlike() => Assert.Equal(WithoutAddresses(Plain), WithoutAddresses(Recorded));

    /// <summary>The recording is there, whole, and the report can be made of it again.</summary>
    public void MustHaveRecorded()
    {
        var shown = BuiltTool.Run("show", Recording);
        Assert.True(shown.ExitCode == 0, shown.ToString());
    }

    // Thread ids, addresses and PIDs in tracebacks of dying programs differ from run to run.
    private static string WithoutAddresses(ToolRun run) => Number().Replace(run.ToString(), "…");

    [GeneratedRegex("0x[0-9a-f]+|(?<=(PID|pid|process) ?)[0-9]+")]
    private static partial Regex Number();
}
