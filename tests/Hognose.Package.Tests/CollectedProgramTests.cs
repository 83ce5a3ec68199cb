using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary><c>hognose gc script.py</c>, from the tool of the installed wheel.</summary>
public class CollectedProgramTests
{
    private const string Script = """
        import gc, pickle, sys
        gc.disable()
        class Tree:
            def __init__(self): self.children = []
        class Node:
            def __init__(self, parent):
                self.parent = parent
                parent.children.append(self)
        gc.collect()
        tree = Tree(); Node(tree); Node(tree); del tree
        gc.set_debug(gc.DEBUG_UNCOLLECTABLE)
        print("found", gc.collect(), gc.get_debug() == gc.DEBUG_UNCOLLECTABLE)
        print(__name__, sys.argv, len(pickle.dumps(Tree())) > 0, sys.modules["__main__"].Tree is Tree)
        if len(sys.argv) > 2:
            raise KeyError("boom")
        sys.exit(3)
        """;

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_program_is_told_of_its_collections_and_runs_as_without_us(string name)
    {
        var environment = FreshEnvironment.Of(name);
        using var folder = new TemporaryFolder();
        var script = folder.At("app.py");
        File.WriteAllText(script, Script);

        var plain = environment.Run(script, "--json");
        var told = environment.Execute(environment.Tool, "gc", "--python", environment.Python, script, "--json");
        var failed = environment.Execute(environment.Tool, "gc", "--python", environment.Python, script, "--json", "more");
        var plainlyFailed = environment.Run(script, "--json", "more");

        Assert.Equal((3, plain.Output), (told.ExitCode, told.Output));
        Assert.Contains("    Node.parent -> Tree.children -> list[", told.Errors, StringComparison.Ordinal);
        Assert.Contains("__main__.Node", told.Errors, StringComparison.Ordinal);
        Assert.Contains("hognose gc: collections until the program ended\n", told.Errors, StringComparison.Ordinal);
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains(plainlyFailed.Errors, failed.Errors, StringComparison.Ordinal);
    }

    /// <summary>The times differ from run to run, and what else is looked through from version to version.</summary>
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void The_example_of_the_readme_says_what_stands_there(string name)
    {
        var environment = FreshEnvironment.Of(name);
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        var run = environment.Execute(environment.Tool, "gc", "--python", environment.Python, Path.Combine(Repository.Root, "examples/gc_set_debug.py"));

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith("uncollectable: []\n", run.Output, StringComparison.Ordinal);
        const string Cycles = "    3 times Node.parent -> Tree.children -> list[";
        Assert.Contains(Cycles, readme, StringComparison.Ordinal);
        Assert.Contains(Cycles, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_code_stdin_and_signals_are_as_with_python()
    {
        var environment = FreshEnvironment.Of(Interpreters.Any.Minor);

        Assert.Equal("['-c', 'a', '-m']\n", Gc("-c", "import sys; print(sys.argv)", "a", "-m").Output);
        Assert.StartsWith("usage: ", Gc("-mtimeit", "--help").Output.TrimStart().Replace("Tool for measuring", "usage: ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(128 + 15, Gc("-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)").ExitCode);
        Assert.Equal(7, Gc("--", "-X", "dev", "-W", "error", "-c", "import sys; sys.exit(7 if sys.flags.dev_mode else 8)").ExitCode);
        Assert.Equal(0, Gc("--generation", "2", "-c", "import gc; gc.collect(0)").Errors.Split('\n').Count(line => line.Contains("generation 0, ", StringComparison.Ordinal)));

        ToolRun Gc(params string[] arguments) => environment.Execute(environment.Tool, ["gc", "--python", environment.Python, .. arguments]);
    }
}
