using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>Collects single objects that spend memory in one way, into one finding a type.</summary>
internal sealed class Finds(WasteKind kind, bool isEstimate)
{
    private readonly Dictionary<string, Find> _byType = new(StringComparer.Ordinal);

    /// <param name="objects">That the node stands for.</param>
    public void Add(string type, int node, long objects, long saved)
    {
        if (saved <= 0)
            return;
        if (!_byType.TryGetValue(type, out var find))
            _byType.Add(type, find = new Find());
        find.Objects += objects;
        find.Saved += saved;
        if (saved <= find.ExampleSaved)
            return;
        (find.Example, find.ExampleObjects, find.ExampleSaved) = (node, objects, saved);
    }

    public IEnumerable<WasteFinding> Told(HeldHeap heap, PathWords words) => _byType.Select(each => new WasteFinding(
        kind, each.Key, each.Value.Objects, each.Value.Saved, isEstimate, SeenObject.Of(heap, new NodeId(each.Value.Example), words.ShowsContents), each.Value.ExampleObjects,
        each.Value.ExampleSaved, words.Of(heap.Paths.To(new NodeId(each.Value.Example)), isShape: false)));

    private sealed class Find
    {
        public long Objects { get; set; }

        public long Saved { get; set; }

        public int Example { get; set; }

        public long ExampleObjects { get; set; }

        public long ExampleSaved { get; set; }
    }
}
