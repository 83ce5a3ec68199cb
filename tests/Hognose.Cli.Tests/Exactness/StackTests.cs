using Hognose.Testing;

namespace Hognose.Cli.Tests.Exactness;

public class StackTests
{
    private static readonly string Probes = Path.Combine(Repository.Root, "tests/Hognose.Cli.Tests/Exactness/probes.py");

    /// <summary>Exactly one line allocates what is compared; the program says which stack Python shows there each time.</summary>
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Recorded_stacks_are_those_that_Python_shows(string name)
    {
        using var folder = new TemporaryFolder();
        var (output, recording) = StackBook.Record(Interpreters.Find(name), folder, new Dictionary<string, string?>(), Probes);

        var said = StackBook.Said(output);
        Assert.True(said.Count > 60, "the program has too few stacks");
        var probe = said.Keys.First().Split(' ')[^1];
        StackBook.AssertSame(said, StackBook.Recorded(recording), stack => stack.EndsWith(probe, StringComparison.Ordinal));
    }
}
