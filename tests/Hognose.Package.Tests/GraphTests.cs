using Hognose.Testing;

namespace Hognose.Package.Tests;

public class GraphTests
{
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_graph_shows_the_references_that_there_are(string name) => FreshEnvironment.Of(name).RunProgram("graphs.py");
}
