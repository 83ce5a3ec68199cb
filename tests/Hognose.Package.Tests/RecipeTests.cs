using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>The recipes of tutorials run as they stand, and the README shows what they print.</summary>
public partial class RecipeTests
{
    private static readonly string[] Recipes = ["size_of_a_list", "summary_tracker", "asizeof_tree", "class_tracker", "all_objects"];

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Recipes_run_without_the_packages_that_they_import(string name)
    {
        foreach (var recipe in Recipes)
            _ = Output(name, recipe);
    }

    /// <summary>Sizes differ between versions; the README shows those of 3.13.</summary>
    [Fact]
    public void The_readme_shows_what_they_print()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        foreach (var recipe in Recipes)
            Assert.Contains($"```\n{Output("3.13", recipe)}```", readme, StringComparison.Ordinal);
    }

    /// <summary>Megabytes differ from machine to machine; that they are right is tested elsewhere (memory_profiler_api.py).</summary>
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void The_readme_shows_the_table_of_memory_profilers_decorator(string name)
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var table = Output(name, "line_by_line").Replace(Repository.Root + "/", "", StringComparison.Ordinal).TrimEnd();

        Assert.Contains(Resident().Replace(table, "$1 MiB $2"), Resident().Replace(readme, "$1 MiB $2"), StringComparison.Ordinal);
    }

    /// <summary>A line's number and its figures.</summary>
    [GeneratedRegex(@"^( +\d+) +\d+\.\d MiB +-?\d+\.\d MiB( +\d+ )", RegexOptions.Multiline)]
    private static partial Regex Resident();

    private static string Output(string name, string recipe)
    {
        var run = FreshEnvironment.Of(name).Run("-m", "hognose.compat", Path.Combine(Repository.Root, "examples", "recipes", recipe + ".py"));
        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0 && run.Output.Length > 0, run.ToString());
        return run.Output;
    }
}
