using Hognose.Heap;
using Hognose.Heap.Retention;

namespace Hognose.Insights.Holding;

/// <summary>Objects of one type that C code holds. Sizes are bytes.</summary>
/// <param name="Objects">How many have more references than Python objects and running functions explain.</param>
/// <param name="References">Unexplained, of all of them.</param>
/// <param name="Alone">Objects that no Python object refers to at all: C code alone keeps them.</param>
/// <param name="Retained">What the objects keep alive, what one retains within another counted once.</param>
/// <param name="Example">The address of the one that retains the most; of those held alone where there are such.</param>
public sealed record HeldByCode(string Type, long Objects, long References, long Alone, long Shallow, long Retained, ulong Example)
{
    /// <summary>The objects.</summary>
    internal IReadOnlyList<int> Nodes { get; init; } = [];

    /// <summary>Those of them that no Python object refers to.</summary>
    internal IReadOnlyList<int> NodesAlone { get; init; } = [];
}

/// <summary>Objects whose counts leave a question open, each with its reason.</summary>
/// <param name="Immortal">Their counts say nothing: they never die.</param>
/// <param name="Interned">Their counts leave out the table of interned strings.</param>
/// <param name="Static">They stand in a binary, whose C code refers to them as a matter of course.</param>
/// <param name="Interpreter">A word of the interpreter's or a thread's structs leads to them: likely held by it.</param>
/// <param name="Borrowed">More references were found than their counts allow: some of those are borrowed, or no references.</param>
public sealed record OpenCounts(long Immortal, long Interned, long Static, long Interpreter, long Borrowed);

/// <summary>
/// Reference counts held against the references that were found: what remains is held by C code. A leak of a C extension is a type whose objects are held
/// by it alone, more of them each time.
/// </summary>
/// <param name="Explained">Objects with as many references as their counts say.</param>
public sealed record ReferenceAudit(IReadOnlyList<HeldByCode> Types, long Explained, OpenCounts Open)
{
    public long Objects => Types.Sum(type => type.Objects);

    public long Alone => Types.Sum(type => type.Alone);

    public long Retained => Types.Sum(type => type.Retained);

    public static ReferenceAudit Of(HeldHeap heap)
    {
        var graph = heap.Graph;
        var unexplained = Unexplained(graph);
        long explained = 0, immortal = 0, interned = 0, @static = 0, interpreter = 0, borrowed = 0;
        var held = new List<int>();
        for (var node = 0; node < unexplained.Length; node++)
        {
            var flags = graph.Flags[node];
            if ((flags & NodeFlags.Immortal) != 0)
                immortal++;
            else if (unexplained[node] == HeapGraph.NotCounted)
                interned++;
            else if (unexplained[node] == 0)
                explained++;
            else if (unexplained[node] < 0)
                borrowed++;
            else if ((flags & NodeFlags.Static) != 0)
                @static++;
            else if ((flags & NodeFlags.Root) != 0)
                interpreter++;
            else
                held.Add(node);
        }
        return new ReferenceAudit(ByType(heap, held, unexplained), explained, new OpenCounts(immortal, interned, @static, interpreter, borrowed));
    }

    /// <summary>The surplus, without what running frames own.</summary>
    private static long[] Unexplained(HeapGraph graph)
    {
        long[] unexplained = [.. graph.Surplus];
        foreach (var node in graph.HeldByFrames)
            if (unexplained[node] != HeapGraph.NotCounted)
                unexplained[node]--;
        return unexplained;
    }

    private static List<HeldByCode> ByType(HeldHeap heap, List<int> held, long[] unexplained)
    {
        var graph = heap.Graph;
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var groupOf = new int[graph.NodeCount];
        Array.Fill(groupOf, GroupRetention.None);
        foreach (var node in held)
        {
            var name = graph.TypeOf(new NodeId(node)).QualifiedName;
            if (!names.TryGetValue(name, out var group))
                names.Add(name, group = names.Count);
            groupOf[node] = group;
        }
        var retained = GroupRetention.AtLeast(heap.Dominators, groupOf, names.Count);
        var degrees = graph.InDegrees();
        return [.. held
            .GroupBy(node => groupOf[node])
            .Select(group => TypeOf(heap, [.. group], unexplained, degrees, retained[group.Key]))
            .OrderByDescending(type => type.Retained).ThenByDescending(type => type.Objects).ThenBy(type => type.Type, StringComparer.Ordinal)];
    }

    private static HeldByCode TypeOf(HeldHeap heap, int[] nodes, long[] unexplained, int[] degrees, long retained)
    {
        var example = nodes.OrderBy(node => degrees[node] > 0).ThenByDescending(node => heap.Dominators.RetainedBy(new NodeId(node))).First();
        int[] alone = [.. nodes.Where(node => degrees[node] == 0)];
        return new HeldByCode(
            heap.Graph.TypeOf(new NodeId(nodes[0])).QualifiedName,
            nodes.Length,
            nodes.Sum(node => unexplained[node]),
            alone.Length,
            nodes.Sum(node => heap.Graph.Sizes[node]),
            retained,
            heap.Graph.Addresses[example])
        {
            Nodes = nodes,
            NodesAlone = alone,
        };
    }
}
