using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>An object that spends memory for nothing.</summary>
/// <param name="Objects">That it stands for.</param>
internal readonly record struct Find(int Node, long Objects, long Saved)
{
    /// <summary>Of those that are held in the way in which the most is saved, the one that saves the most.</summary>
    public static Find Typical(IReadOnlyList<Find> finds, ShapesOfWays shapes) => finds
        .GroupBy(find => shapes.Of(new NodeId(find.Node)))
        .MaxBy(way => way.Sum(find => find.Saved))!
        .MaxBy(find => find.Saved);
}

/// <summary>Collects single objects that spend memory in one way, into one finding a type.</summary>
internal sealed class Finds(WasteKind kind, bool isEstimate)
{
    private readonly Dictionary<string, List<Find>> _byType = new(StringComparer.Ordinal);

    /// <param name="objects">That the node stands for.</param>
    public void Add(string type, int node, long objects, long saved)
    {
        if (saved <= 0)
            return;
        if (!_byType.TryGetValue(type, out var finds))
            _byType.Add(type, finds = []);
        finds.Add(new Find(node, objects, saved));
    }

    public IEnumerable<WasteFinding> Told(HeldHeap heap, ShapesOfWays shapes, PathWords words)
    {
        foreach (var (type, finds) in _byType)
        {
            var example = Find.Typical(finds, shapes);
            var node = new NodeId(example.Node);
            yield return new WasteFinding(
                kind, type, finds.Sum(find => find.Objects), finds.Sum(find => find.Saved), isEstimate, SeenObject.Of(heap, node, words.ShowsContents), example.Objects, example.Saved,
                words.To(node, isShape: false))
            {
                Nodes = [.. finds.Select(find => find.Node)],
            };
        }
    }
}
