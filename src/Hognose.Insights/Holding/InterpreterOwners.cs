using Hognose.Heap;
using Hognose.Heap.Naming;

namespace Hognose.Insights.Holding;

/// <summary>Which interpreters of a process reach an object from their modules.</summary>
internal static class InterpreterOwners
{
    /// <summary>More interpreters share the last bit.</summary>
    private const int Bits = 64;

    /// <returns>By node: a bit an interpreter. Empty where all modules are those of one.</returns>
    public static ulong[] Of(HeldHeap heap)
    {
        var byInterpreter = heap.Holders.Where(holder => holder.Kind == HolderKind.Module).GroupBy(holder => holder.Interpreter).OrderBy(group => group.Key).ToList();
        if (byInterpreter.Count < 2)
            return [];
        var owners = new ulong[heap.Graph.NodeCount];
        foreach (var (number, modules) in byInterpreter.Index())
            Spread(heap.Graph, modules.Select(module => module.Node), 1ul << Math.Min(number, Bits - 1), owners);
        return owners;
    }

    private static void Spread(HeapGraph graph, IEnumerable<int> from, ulong bit, ulong[] owners)
    {
        var open = new Stack<int>();
        foreach (var node in from)
            Reach(node);
        while (open.TryPop(out var node))
            foreach (var edge in graph.EdgesOf(new NodeId(node)))
                if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                    Reach(HeapGraph.TargetOf(edge).Value);

        void Reach(int node)
        {
            if ((owners[node] & bit) != 0)
                return;
            owners[node] |= bit;
            open.Push(node);
        }
    }
}
