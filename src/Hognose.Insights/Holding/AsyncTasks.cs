using Hognose.Heap;
using Hognose.Heap.Naming;

namespace Hognose.Insights.Holding;

/// <summary>Tasks of asyncio in words: their names, and what their coroutines await.</summary>
/// <param name="heap">That they stand in.</param>
internal sealed class AsyncTasks(HeldHeap heap)
{
    private readonly bool[] _isTask = [.. heap.Graph.Types.All.Select(type => type.QualifiedName is "_asyncio.Task" or "asyncio.tasks.Task" or "asyncio.Task")];

    private readonly bool[] _isFunction = [.. heap.Graph.Types.All.Select(type => type.QualifiedName is "coroutine" or "generator")];

    private readonly bool[] _isFuture = [.. heap.Graph.Types.All.Select(type => type.Name is "Future" or "_GatheringFuture" && type.Module is "_asyncio" or "asyncio" or "asyncio.futures" or "asyncio.tasks")];

    /// <summary>What waits for a future on a coroutine's behalf.</summary>
    private readonly bool[] _isWaiting = [.. heap.Graph.Types.All.Select(type => type.Name == "FutureIter")];

    public bool IsTask(NodeId node) => _isTask[heap.Graph.TypeIds[node.Value]];

    /// <summary><c>asyncio task 'poll' awaiting fetch()</c>; of several <c>asyncio tasks awaiting fetch()</c>.</summary>
    public WayStep WordsOf(NodeId task)
    {
        var coroutine = Held(task, _isFunction, isNamed: true);
        var name = heap.Names.OwnNameOf(task);
        var named = name.Length > 0 ? $"asyncio task '{name}'"
            : coroutine is { } unnamed ? $"asyncio task '{heap.Names.OwnNameOf(unnamed)}'"
            : "asyncio task";
        var awaits = coroutine is { } running && AwaitedBy(running) is { Length: > 0 } awaited ? $" awaiting {awaited}" : "";
        return new WayStep(named + awaits, "asyncio tasks" + awaits);
    }

    /// <summary>A coroutine that waits keeps what it waits for on its stack, where it has no name; up to 3.10 the stack is that of a frame object.</summary>
    private string AwaitedBy(NodeId coroutine)
    {
        var holder = Framed(coroutine);
        if (Held(holder, _isFunction) is { } inner)
            return $"{heap.Names.OwnNameOf(inner)}()";
        if (Held(holder, _isWaiting) is { } waiting)
            holder = waiting;
        if (Held(holder, _isTask) is { } task)
            return heap.Names.OwnNameOf(task) is { Length: > 0 } name ? $"task '{name}'" : "another task";
        return holder != Framed(coroutine) || Held(holder, _isFuture) is not null ? "a future" : "";
    }

    private NodeId Framed(NodeId coroutine)
    {
        foreach (var edge in heap.Graph.EdgesOf(coroutine))
            if (heap.Names.Between(coroutine, HeapGraph.TargetOf(edge)).Text == "gi_frame")
                return HeapGraph.TargetOf(edge);
        return coroutine;
    }

    private NodeId? Held(NodeId from, bool[] isWanted, bool isNamed = false)
    {
        var edges = heap.Graph.EdgesOf(from);
        for (var i = edges.Length - 1; i >= 0; i--)
        {
            var target = HeapGraph.TargetOf(edges[i]);
            if (HeapGraph.KindOf(edges[i]) != EdgeKind.GcOnly && isWanted[heap.Graph.TypeIds[target.Value]]
                && (isNamed || heap.Names.Between(from, target).Kind == ReferenceKind.Unnamed))
                return target;
        }
        return null;
    }
}
