using Hognose.Testing;

namespace Hognose.Package.Tests;

/// <summary>The stand-ins for memory_profiler, mprof and pympler.</summary>
public class CompatTests
{
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Names_of_the_originals_lead_to_ours_where_they_should(string name) => FreshEnvironment.Of(name).RunProgram("compat.py");
}
