using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>The recipes of tutorials run as they stand, and the README shows what they print.</summary>
public class RecipeTests
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

    private static string Output(string name, string recipe)
    {
        var run = FreshEnvironment.Of(name).Run("-m", "hognose.compat", Path.Combine(Repository.Root, "examples", "recipes", recipe + ".py"));
        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0 && run.Output.Length > 0, run.ToString());
        return run.Output;
    }
}
