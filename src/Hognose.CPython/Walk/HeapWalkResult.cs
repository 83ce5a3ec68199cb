using Hognose.CPython.Objects;
using Hognose.Heap;
using Hognose.Heap.Naming;

namespace Hognose.CPython.Walk;

/// <summary>Stages of a walk, in order.</summary>
public enum HeapWalkStage
{
    Lists,
    Pools,
    References,
    Graph,
}

/// <summary>A graph and where its objects were found.</summary>
/// <param name="Graph">The objects.</param>
/// <param name="TrackedObjects">On the collector's lists.</param>
/// <param name="Pools">Pools of pymalloc with a used block.</param>
/// <param name="UsedBlocks">Blocks in use in them.</param>
/// <param name="UsedBytes">Of those blocks, by their size classes.</param>
/// <param name="PooledObjects">Objects at the start of such blocks.</param>
/// <param name="HeldByFrames">Objects that running frames own a reference to, one entry a reference; frames are no nodes of the graph.</param>
public sealed record HeapWalkResult(
    HeapGraph Graph, long TrackedObjects, long Pools, long UsedBlocks, long UsedBytes, long PooledObjects, IReadOnlyList<int> HeldByFrames)
{
    /// <summary>Reads from the copy that was walked, which must still be there.</summary>
    public required ICompleteNames Names { get; init; }

    /// <summary>Fills columns of the graph that few questions need; reads from the copy, too.</summary>
    public required ContentColumns Contents { get; init; }

    /// <summary>The namespaces of modules.</summary>
    public required IReadOnlyList<Holder> Modules { get; init; }

    /// <summary>With their functions under way.</summary>
    public required IReadOnlyList<RunningThread> Threads { get; init; }

    /// <summary>Objects on each list of each collector, by the collector's address: generations, the youngest first, and behind them what gc.freeze keeps out.</summary>
    public required IReadOnlyDictionary<ulong, IReadOnlyList<long>> TrackedByGeneration { get; init; }

    /// <summary>Modules and variables of running functions that hold objects, in the order of preference.</summary>
    public IEnumerable<Holder> Holders => Modules.Concat(Threads.SelectMany(thread => thread.Holders()));
}
