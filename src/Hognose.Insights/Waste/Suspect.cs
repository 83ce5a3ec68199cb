using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>Why a program may have too much memory. Of two that account for the same bytes the earlier is named first: it says more.</summary>
public enum SuspectKind
{
    /// <summary>One object keeps a large part alive.</summary>
    BigObject,

    /// <summary>Exceptions that are kept hold the variables of their functions.</summary>
    KeptTracebacks,

    /// <summary>Frames that neither a traceback nor a generator nor a call under way holds.</summary>
    KeptFrames,

    /// <summary>Generators or coroutines that wait keep the variables of their functions.</summary>
    SuspendedFunctions,

    /// <summary>Variables of many calls of one function that are under way.</summary>
    RunningCalls,

    /// <summary>C code holds objects that nothing else refers to.</summary>
    HeldByCode,

    /// <summary>Objects of one class are a large part.</summary>
    ManyOfAType,

    /// <summary>Cycles that no collection has freed yet.</summary>
    Garbage,

    /// <summary>Garbage that gc.freeze() keeps out of collections.</summary>
    FrozenGarbage,

    /// <summary>Garbage that collections leave, for a finalizer of the old kind.</summary>
    UncollectableGarbage,

    /// <summary>Memory spent for nothing.</summary>
    Waste,

    /// <summary>Memory that objects of a type own beyond their own sizes: of C code, or mapped.</summary>
    OwnedMemory,

    /// <summary>Shared memory that no object maps, as far as can be told.</summary>
    SharedMemory,

    /// <summary>Memory of the process that no Python object accounts for.</summary>
    BeyondObjects,
}

/// <summary>A likely cause. Sizes are bytes.</summary>
/// <param name="Bytes">That would come back were it removed.</param>
/// <param name="Share">Of all that it is measured against: the heap, or the process's memory.</param>
/// <param name="Type">Of the objects concerned; empty where there are no such.</param>
/// <param name="Objects">How many.</param>
/// <param name="Example">An object to look at; null where there is none.</param>
/// <param name="HeldBy">A shortest way to it.</param>
/// <param name="Waste">Of <see cref="SuspectKind.Waste"/>.</param>
public sealed record Suspect(
    SuspectKind Kind, long Bytes, double Share, string Type = "", long Objects = 0, SeenObject? Example = null, string HeldBy = "", WasteKind? Waste = null)
{
    /// <summary>Of <see cref="SuspectKind.SuspendedFunctions"/>: the function that most of them are of; empty where none has a name. Of <see cref="SuspectKind.RunningCalls"/>: the function.</summary>
    public string Function { get; init; } = "";

    /// <summary>Of <see cref="SuspectKind.OwnedMemory"/>: most of it is mapped, not allocated.</summary>
    public bool IsMapped { get; init; }

    /// <summary>All of them are.</summary>
    public bool AreAllOfFunction { get; init; }

    /// <summary>The same memory seen otherwise: causes that lie within this one and make up most of it, the most bytes first.</summary>
    public IReadOnlyList<Suspect> Parts { get; init; } = [];

    /// <summary>The number, from 1 on, of a cause named before that this one is a smaller part of; 0 where it is none.</summary>
    public int PartOf { get; init; }
}
