using Hognose.Heap;
using Hognose.Heap.Naming;

namespace Hognose.Insights.Holding;

/// <summary>
/// What a call of ours within a program adds to its heap, taken out: variables of our own functions, and what the object that is asked about is held by
/// for the sake of the question.
/// </summary>
/// <param name="package">The folder of our own functions' files, with a slash at its end.</param>
/// <param name="address">Of the object asked about; 0 for none.</param>
public sealed class AskedFromWithin(string package, ulong address)
{
    private bool _isDropped;

    /// <summary>Without variables of ours.</summary>
    public IReadOnlyList<Holder> Theirs(IEnumerable<Holder> holders) =>
        [.. holders.Where(holder => holder.Kind != HolderKind.Local || !holder.File.StartsWith(package, StringComparison.Ordinal))];

    /// <summary>Without functions of ours.</summary>
    public IReadOnlyList<RunningThread> Theirs(IReadOnlyList<RunningThread> threads) =>
        [.. threads.Select(thread => thread with { Frames = [.. thread.Frames.Where(frame => !frame.File.StartsWith(package, StringComparison.Ordinal))] })];

    /// <summary>
    /// Without the object, unless a variable or C code holds it: what a function under way computes with is a root, and the function that asks computes with
    /// the object. (<see cref="HeapGraph.Surplus"/> says what of it frames own.)
    /// </summary>
    public int[] WithoutCaller(HeapGraph graph, int[] roots, IReadOnlyList<Holder> theirs)
    {
        if (!graph.TryFind(address, out var node) || (graph.Flags[node.Value] & (NodeFlags.Immortal | NodeFlags.Static)) != 0)
            return roots;
        var surplus = graph.Surplus[node.Value];
        var ofFrames = graph.HeldByFrames.Count(held => held == node.Value);
        _isDropped = surplus != HeapGraph.NotCounted && surplus <= ofFrames && !theirs.Any(holder => holder.Node == node.Value);
        return _isDropped ? [.. roots.Where(root => root != node.Value)] : roots;
    }

    /// <summary>Who holds the object; null when none stands there.</summary>
    public HoldersOfType? HoldersOf(HeldHeap heap, bool showsKeys)
    {
        var without = FromStacks(heap.Graph);
        var found = HoldersOfType.OfObject(heap, address, showsKeys, without);
        // A variable of the program's that is the object itself is a way of one step, too.
        return found is not null && heap.Graph.TryFind(address, out var node) && !heap.Holders.Any(holder => holder.Node == node.Value)
            && _isDropped && heap.PathsAvoiding(without).To(node).Length < 2
                ? found with { Ways = [found.Ways[0] with { HeldBy = "nothing but this call" }] }
                : found;
    }

    /// <summary>References to the object that a scan found on the stacks of frames, which up to 3.10 are objects: the call's argument, and stale words.</summary>
    private HashSet<(int From, int To)> FromStacks(HeapGraph graph)
    {
        var found = new HashSet<(int From, int To)>();
        if (!graph.TryFind(address, out var wanted))
            return found;
        for (var node = 0; node < graph.NodeCount; node++)
            foreach (var edge in graph.EdgesOf(new NodeId(node)))
                if (HeapGraph.KindOf(edge) == EdgeKind.Cons && HeapGraph.TargetOf(edge) == wanted && graph.TypeOf(new NodeId(node)).QualifiedName == "frame")
                    found.Add((node, wanted.Value));
        return found;
    }
}
