using Hognose.Columns;
using Hognose.CPython.Layouts;
using Hognose.CPython.Types;
using Hognose.CPython.Versions;
using Hognose.Heap;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Walk;

/// <summary>
/// What holds objects from outside the graph, by the same subtraction as the collector's: an object whose reference count is higher than the
/// references that were found is held by C code, a frame or the runtime.
/// </summary>
public static unsafe class OutsideReferences
{
    private const int InternedBits = 3;
    /// <summary>Edges of the table in the smallest of interpreters are some thousand.</summary>
    private const int FewestInterned = 500;

    /// <summary>
    /// Every root: what never dies, what stands in a binary, and what the counts say. A word of the runtime or of a frame's stack is no proof: it may be
    /// stale or borrowed, and a reference that it owns is in the count. A mortal interned string's count leaves out the table of interned strings
    /// and says nothing; there the word decides. Edges of the graph that the counts prove stale become such as the collector alone sees; <see cref="HeapGraph.Surplus"/> is filled.
    /// </summary>
    /// <param name="memory">The memory that the graph was read from.</param>
    /// <param name="walk">Of that memory.</param>
    /// <param name="layout">Of its version.</param>
    /// <param name="version">Decides how counts are kept.</param>
    public static int[] Roots(FrozenMemory memory, HeapWalkResult walk, CPythonLayout layout, PythonVersion version)
    {
        const NodeFlags standing = NodeFlags.Immortal | NodeFlags.Static;
        var graph = walk.Graph;
        var counts = ReaderTable.ReferenceCountsOf(version);
        var degrees = graph.InDegrees();
        WithdrawInternedTable(memory, graph, layout, degrees);
        var surplus = Surplus(memory, graph, counts, layout, degrees);
        WithdrawStaleWords(graph, surplus);
        graph.Surplus = surplus;
        graph.HeldByFrames = [.. walk.HeldByFrames];
        var roots = new List<int>();
        for (var node = 0; node < surplus.Length; node++)
            if ((graph.Flags[node] & standing) != 0 || (surplus[node] == HeapGraph.NotCounted ? (graph.Flags[node] & NodeFlags.Root) != 0 : surplus[node] > 0))
                roots.Add(node);
        return [.. roots];
    }

    /// <summary>By node: how much higher its count is than the references found; <see cref="HeapGraph.NotCounted"/> where the count says nothing.</summary>
    private static NumberColumn Surplus(FrozenMemory memory, HeapGraph graph, ReferenceCounts counts, CPythonLayout layout, int[] degrees)
    {
        var surplus = new NumberColumn(degrees.Length);
        var isText = Array.ConvertAll([.. graph.Types.All], type => IsText(memory, layout, type.Address));
        for (var node = 0; node < degrees.Length; node++)
        {
            var at = memory.Translate(graph.Addresses[node], (ulong)layout.PyASCIIObject.Size);
            surplus[node] = at == null || (graph.Flags[node] & NodeFlags.Immortal) != 0 || (isText[graph.TypeIds[node]] && IsInternedText(at, layout))
                ? HeapGraph.NotCounted
                : Math.Clamp(counts.Count(*(ulong*)at) - degrees[node], HeapGraph.NotCounted + 1, int.MaxValue);
        }
        return surplus;
    }

    /// <summary>
    /// The table of interned strings takes its two references out of each string's count (Objects/unicodeobject.c, PyUnicode_InternInPlace): it holds none.
    /// It is the dict that no object refers to and whose every value is its own key, an interned string.
    /// </summary>
    /// <param name="degrees">Of the nodes; without the table's references afterwards.</param>
    private static void WithdrawInternedTable(FrozenMemory memory, HeapGraph graph, CPythonLayout layout, int[] degrees)
    {
        for (var node = 0; node < degrees.Length; node++)
        {
            var start = graph.EdgeStarts[node];
            if (degrees[node] > 0 || graph.EdgeStarts[node + 1] - start < FewestInterned || graph.TypeOf(new NodeId(node)).QualifiedName != "dict")
                continue;
            var edges = graph.Edges.AsSpan(start, graph.EdgeStarts[node + 1] - start);
            if (!IsInternedTable(memory, graph, layout, edges))
                continue;
            foreach (ref var edge in edges)
            {
                var target = HeapGraph.TargetOf(edge).Value;
                degrees[target] -= HeapGraph.KindOf(edge) == EdgeKind.GcOnly ? 0 : 1;
                edge = HeapGraph.Pack(target, EdgeKind.GcOnly);
            }
        }
    }

    /// <summary>Edges of a dict come in pairs, value and key.</summary>
    private static bool IsInternedTable(FrozenMemory memory, HeapGraph graph, CPythonLayout layout, ReadOnlySpan<uint> edges)
    {
        if (edges.Length % 2 != 0)
            return false;
        for (var i = 0; i < edges.Length; i += 2)
        {
            var value = HeapGraph.TargetOf(edges[i]);
            var at = memory.Translate(graph.Addresses[value.Value], (ulong)layout.PyASCIIObject.Size);
            if (value != HeapGraph.TargetOf(edges[i + 1]) || at == null || !IsInterned(at, memory, layout))
                return false;
        }
        return true;
    }

    /// <summary>
    /// More references than the count allows: of those, the ones that only a scan of words found are stale. The stack of a running frame (up to 3.10 a
    /// frame is an object of the graph) still shows what was popped from it.
    /// </summary>
    private static void WithdrawStaleWords(HeapGraph graph, NumberColumn surplus)
    {
        for (var i = 0; i < graph.Edges.Length; i++)
        {
            var edge = graph.Edges[i];
            var target = HeapGraph.TargetOf(edge).Value;
            if (HeapGraph.KindOf(edge) != EdgeKind.Cons || surplus[target] >= 0 || surplus[target] == HeapGraph.NotCounted)
                continue;
            graph.Edges[i] = HeapGraph.Pack(target, EdgeKind.GcOnly);
            surplus[target]++;
        }
    }

    internal static bool IsInterned(byte* at, FrozenMemory memory, CPythonLayout layout) =>
        IsText(memory, layout, *(ulong*)(at + layout.PyObject.ob_type)) && IsInternedText(at, layout);

    private static bool IsText(FrozenMemory memory, CPythonLayout layout, ulong type) =>
        (memory.U64(type + (ulong)layout.PyTypeObject.tp_flags) & TypeFlags.UnicodeSubclass) != 0;

    private static bool IsInternedText(byte* at, CPythonLayout layout) => (*(uint*)(at + layout.PyASCIIObject.state) & InternedBits) != 0;
}
