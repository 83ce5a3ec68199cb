using Hognose.Heap;

namespace Hognose.Insights.Holding;

/// <summary>
/// Some of however many nodes, the same each time. By a hash of the number, not each n-th: what is allocated in turns (an object's x, its y) would be taken for one of them.
/// </summary>
internal sealed class EvenChoice
{
    /// <summary>Reading a name takes a look at the object.</summary>
    private const int Most = 32;

    private readonly List<NodeId> _chosen = [];
    private ulong _mask;

    public IReadOnlyList<NodeId> Chosen => _chosen;

    public void Offer(NodeId node)
    {
        if (!IsChosen(node))
            return;
        _chosen.Add(node);
        while (_chosen.Count > Most)
        {
            _mask = (_mask << 1) | 1;
            _chosen.RemoveAll(each => !IsChosen(each));
        }
    }

    /// <summary>The finalizer of splitmix64 (Steele, Lea, Flood 2014): its low bits are as good as its high ones.</summary>
    private bool IsChosen(NodeId node)
    {
        var hash = ((ulong)node.Value + 1) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return ((hash ^ (hash >> 31)) & _mask) == 0;
    }
}
