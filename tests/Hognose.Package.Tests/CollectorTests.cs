using Hognose.Testing;

namespace Hognose.Package.Tests;

public class CollectorTests
{
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_collection_is_told_as_the_collector_counts_it_and_is_what_it_would_be(string name) => FreshEnvironment.Of(name).RunProgram("collector.py");

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void A_block_that_grows_is_told_with_what_and_one_that_does_not_is_not(string name) => FreshEnvironment.Of(name).RunProgram("leaking.py");
}
