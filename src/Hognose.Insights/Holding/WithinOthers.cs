using Hognose.Heap;
using Hognose.Heap.Retention;

namespace Hognose.Insights.Holding;

/// <summary>
/// Whether an object of some types, no module's namespace, dominates another: what that one retains is retained by it already. Asked of one object after the
/// other, and what was learned on the way up is remembered.
/// </summary>
internal sealed class WithinOthers(HeldHeap heap, bool[] isWanted)
{
    private enum Answer : byte
    {
        Unknown,
        No,
        Yes,
    }

    private readonly DominatorTree _dominators = heap.Dominators;
    private readonly int[] _types = heap.Graph.TypeIds;
    private readonly Answer[] _known = new Answer[heap.Graph.NodeCount];

    public bool Holds(NodeId node)
    {
        var (top, answer) = Climb(node.Value);
        for (var at = node.Value; at != top; at = _dominators.DominatorOf(new NodeId(at)))
            _known[at] = answer;
        return answer == Answer.Yes;
    }

    /// <summary>The answer, and the first node above to which it need not apply.</summary>
    private (int Top, Answer Answer) Climb(int node)
    {
        while (_known[node] == Answer.Unknown)
        {
            var above = _dominators.DominatorOf(new NodeId(node));
            if (above < 0)
                return (above, Answer.No);
            if (isWanted[_types[above]] && !heap.IsModule(new NodeId(above)))
                return (above, Answer.Yes);
            node = above;
        }
        return (node, _known[node]);
    }
}
