using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Documents;

/// <summary>What the README tells a reader to type is typed here.</summary>
public partial class ReadmeTests
{
    /// <summary>But for those that install the package, which Hognose.Package.Tests does.</summary>
    public static TheoryData<string> Commands =>
        [.. ShellBlock().Matches(Readme).Select(block => block.Groups[1].Value).Where(commands => !commands.Contains("pip install", StringComparison.Ordinal))];

    private static string Readme => File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_of_the_readme_runs(string commands)
    {
        _ = BuiltTool.Path;
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "hognose", "examples" })
            File.CreateSymbolicLink(folder.At(name), Path.Combine(Repository.Root, name));

        var run = BuiltTool.Execute("/bin/bash", ["-e", "-c", WaitingForTheProgram(commands)], folder: folder.Path);

        Assert.True(run.ExitCode == 0 && (run.Output + run.Errors).Contains("share", StringComparison.Ordinal), run.ToString());
    }

    [Fact]
    public void The_readme_has_commands() => Assert.Equal(3, Commands.Count);

    [Fact]
    public void The_command_for_tests_is_there_for_ci() =>
        Assert.Matches(@"(?s)## Tests\n\n```\n\./test\n```", Readme);

    // A reader types the second line when the first has said its PID; a script must wait for that.
    private static string WaitingForTheProgram(string commands) =>
        commands.Replace("--serve &", "--serve > said & until grep -q PID said; do sleep 0.05; done", StringComparison.Ordinal);

    [GeneratedRegex(@"```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
