using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>Ring three: every interpreter tells the truth about its heap, object by object, and we agree.</summary>
public class TruthTests
{
    [Theory, ClassData(typeof(AllInterpreters))]
    public void Every_object_agrees_with_what_its_interpreter_says(string python) =>
        Agree(python, WalkedProgram.Start(Interpreters.Find(python)));

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Many_threads_with_deep_stacks_agree(string python) =>
        Agree(python + " threads", WalkedProgram.Start(Interpreters.Find(python), variants: "threads"));

    [Theory, InlineData("3.8"), InlineData("3.12"), InlineData("3.13"), InlineData("3.14")]
    public void A_frozen_generation_agrees(string python) =>
        Agree(python + " freeze", WalkedProgram.Start(Interpreters.Find(python), variants: "freeze"));

    [Theory, InlineData("3.8"), InlineData("3.12"), InlineData("3.13"), InlineData("3.14"), InlineData("3.15")]
    public void Subinterpreters_agree(string python) =>
        Agree(python + " sub", WalkedProgram.Start(Interpreters.Find(python), variants: "subinterpreters"));

    [Theory]
    [InlineData("3.8", "malloc"), InlineData("3.11", "malloc"), InlineData("3.14", "malloc")]
    [InlineData("3.8", "debug"), InlineData("3.11", "debug"), InlineData("3.14", "debug")]
    [InlineData("3.14", "mimalloc")]
    public void Other_allocators_agree(string python, string allocator) =>
        Agree(python + " " + allocator, WalkedProgram.Start(Interpreters.Find(python), new Dictionary<string, string?> { ["PYTHONMALLOC"] = allocator }));

    private static void Agree(string name, WalkedProgram program)
    {
        var comparison = new TruthComparison(program);
        var unexplained = comparison.Found.Keys.Where(key => !Exceptions.Explain(key.What, key.Type, comparison.Found[key].Count)).OrderBy(key => key).ToList();
        if (Environment.GetEnvironmentVariable("HOGNOSE_TRUTH_REPORT") is { } folder)
            File.WriteAllText(
                Path.Combine(folder, $"{name}.txt"),
                comparison.Describe(comparison.Found.Keys.OrderBy(key => key)) + $"conservative surplus {comparison.ConservativeSurplus}\n{program.Audit} {program.Audit.Agreement:p2}\nblocks {program.Truth.AllocatedBlocks} pools {program.Walk.UsedBlocks} objects {program.Truth.Objects.Count} of {program.Walk.Graph.NodeCount}\n"
                + string.Join('\n', program.Trouble.Kept));
        Assert.True(program.Audit.Agreement >= 0.99 && program.Audit.Total > 50_000, program.Audit.ToString());
        Assert.True(unexplained.Count == 0, comparison.Describe(unexplained));
        Assert.True(program.Truth.Objects.Count > 50_000);
    }
}
