using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>hognose.snapshot, why, retained, biggest and rss.</summary>
public class WithinTests
{
    [Theory]
    [ClassData(typeof(SpreadInterpreters))]
    public void A_program_asks_about_itself_and_goes_on(string name) => FreshEnvironment.Of(name).RunProgram("within.py");
}
