using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Hognose.Cli.Tests.LongestFirst))]

namespace Hognose.Cli.Tests;

/// <summary>The tests of a class run one after the other: those that take minutes begin first, or one core would wait for them at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["PythonsOwnAsyncioTests", "PythonsOwnSubprocessTests", "LivesTests", "FamilyTests", "AttachTests", "SnapshotTests", "TracemallocTests"];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(RankOf)];

    private static int RankOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var rank = Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return rank < 0 ? Long.Length : rank;
    }
}
