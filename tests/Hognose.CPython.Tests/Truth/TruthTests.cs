using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>Ring three: every interpreter tells the truth about its heap, object by object, and we agree.</summary>
public class TruthTests
{
    [Theory, ClassData(typeof(AllInterpreters))]
    public void Every_object_agrees_with_what_its_interpreter_says(string python) =>
        Agree(python, WalkedProgram.Start(Interpreters.Find(python)));

    private static void Agree(string name, WalkedProgram program)
    {
        var comparison = new TruthComparison(program);
        var unexplained = comparison.Found.Keys.Where(key => !Exceptions.Explain(key.What, key.Type)).OrderBy(key => key).ToList();
        if (Environment.GetEnvironmentVariable("HOGNOSE_TRUTH_REPORT") is { } folder)
            File.WriteAllText(
                Path.Combine(folder, $"{name}.txt"),
                comparison.Describe(comparison.Found.Keys.OrderBy(key => key)) + $"conservative surplus {comparison.ConservativeSurplus}\n"
                + string.Join('\n', program.Trouble.Kept));
        Assert.True(unexplained.Count == 0, comparison.Describe(unexplained));
        Assert.True(program.Truth.Objects.Count > 50_000);
    }
}
