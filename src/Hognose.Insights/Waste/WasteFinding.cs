using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>Ways to spend memory for nothing.</summary>
public enum WasteKind
{
    /// <summary>Strings or bytes of equal contents, kept several times.</summary>
    EqualContents,

    /// <summary>Containers whose storage is far larger than their items need.</summary>
    SpareStorage,

    /// <summary>Instances whose dict of attributes could be slots of the class.</summary>
    InstanceDicts,

    /// <summary>Lists whose numbers could stand in an array.</summary>
    NumberObjects,

    /// <summary>Containers without items.</summary>
    EmptyContainers,

    /// <summary>Views of a small part of a buffer that nothing else holds.</summary>
    PinnedBuffers,
}

/// <summary>Objects of one type that spend memory in one way. Sizes are bytes.</summary>
/// <param name="Type">Of the objects; of <see cref="WasteKind.InstanceDicts"/> the class.</param>
/// <param name="Objects">How many there are.</param>
/// <param name="Saved">What would be saved.</param>
/// <param name="IsEstimate">The saving follows from a sample, or supposes how the program would be changed.</param>
/// <param name="Example">Of those that are held in the way in which the most is saved, the one with the largest saving.</param>
/// <param name="ExampleObjects">Objects that the example stands for: copies of equal contents, instances of a class; else 1.</param>
/// <param name="ExampleSaved">What those would save.</param>
/// <param name="HeldBy">A shortest way to it.</param>
public sealed record WasteFinding(
    WasteKind Kind, string Type, long Objects, long Saved, bool IsEstimate, SeenObject Example, long ExampleObjects, long ExampleSaved, string HeldBy)
{
    /// <summary>The objects; of equal contents one of each, of a class a sample.</summary>
    internal IReadOnlyList<int> Nodes { get; init; } = [];
}
