using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>The README's Python runs from the installed wheel, as it stands there.</summary>
public partial class ReadmeTests
{
    private static string Readme => File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    private static string Examples => string.Join('\n', PythonBlock().Matches(Readme).Select(block => block.Groups[1].Value));

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void The_readmes_examples_run(string name)
    {
        var run = FreshEnvironment.Of(name).Run("-c", Examples);

        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0, run.ToString());
        var sizes = run.Output.Split((char[])[' ', '\n'], 4);
        Assert.Equal(sizes[0], sizes[1]);
        Assert.InRange(int.Parse(sizes[2], System.Globalization.CultureInfo.InvariantCulture), 1000 + int.Parse(sizes[0], System.Globalization.CultureInfo.InvariantCulture), 1999);
    }

    /// <summary>Sizes differ between versions; the README shows those of 3.13.</summary>
    [Fact]
    public void The_tree_in_the_readme_is_what_is_printed() =>
        Assert.Contains(Tree().Match(Readme).Groups[1].Value, FreshEnvironment.Of("3.13").Run("-c", Examples).Output, StringComparison.Ordinal);

    [GeneratedRegex(@"```\n( +size +own\n.*?)```", RegexOptions.Singleline)]
    private static partial Regex Tree();

    [GeneratedRegex(@"```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}
