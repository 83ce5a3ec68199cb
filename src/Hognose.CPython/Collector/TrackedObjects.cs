using Hognose.CPython.Types;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Collector;

/// <summary>
/// Goes over the collector's lists. They find every tracked object whatever allocator holds it, and they tell which <c>tp_traverse</c> is
/// <c>subtype_traverse</c>: the commonest among heap types, since every class written in Python has it.
/// </summary>
internal sealed class TrackedObjects(WalkContext context, TypeCatalog catalog, ObjectStarts starts)
{
    // Low bits of _gc_next are flags, in 3.14.0 to 3.14.4 two of them.
    private const ulong Flags = 3;
    private const ulong HeadBytes = 16;

    private readonly int _next = context.Layout.PyGCHead._gc_next;
    private readonly int _type = context.Layout.PyObject.ob_type;
    private readonly int _traverse = context.Layout.PyTypeObject.tp_traverse;
    private readonly int _flags = context.Layout.PyTypeObject.tp_flags;
    private readonly Dictionary<ulong, int> _traversesOfHeapTypes = [];

    /// <summary>Objects met on the lists.</summary>
    public long Count { get; private set; }

    /// <summary>Objects on the lists of what gc.freeze() keeps out.</summary>
    public List<ulong> Frozen { get; } = [];

    public ulong SubtypeTraverse => _traversesOfHeapTypes.Count == 0 ? 0 : _traversesOfHeapTypes.MaxBy(pair => pair.Value).Key;

    /// <summary>Types in whose instances a prober wants to look while the list goes by.</summary>
    public Action<ulong, PyType>? Look { get; set; }

    /// <summary>By collector: how many objects each of its lists has.</summary>
    public Dictionary<ulong, IReadOnlyList<long>> WalkAll(IEnumerable<(ulong Collector, IReadOnlyList<ulong> Heads)> collectors, CancellationToken cancellation)
    {
        var counts = new Dictionary<ulong, IReadOnlyList<long>>();
        foreach (var (collector, heads) in collectors)
            counts.TryAdd(collector, [.. heads.Select((head, i) => Walk(head, isFrozen: i == heads.Count - 1, cancellation))]);
        return counts;
    }

    private long Walk(ulong head, bool isFrozen, CancellationToken cancellation)
    {
        var before = Count;
        WalkOne(head, isFrozen, cancellation);
        return Count - before;
    }

    private void WalkOne(ulong head, bool isFrozen, CancellationToken cancellation)
    {
        var node = Next(head);
        for (long i = 0; node != head; i++)
        {
            if ((i & 0xffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            var type = catalog.Find(context.Memory.U64(node + HeadBytes + (ulong)_type));
            if (type is null)
            {
                context.Diagnostics.Add("HG0102", $"the collector's list breaks off: no object at 0x{node + HeadBytes:x}");
                return;
            }
            // An object is on one list once: meeting it again means a torn list, which would never end.
            if (!starts.TryMark(node + HeadBytes))
            {
                context.Diagnostics.Add("HG0103", $"the collector's list runs in a circle at 0x{node + HeadBytes:x}");
                return;
            }
            Count++;
            if (isFrozen)
                Frozen.Add(node + HeadBytes);
            Note(node + HeadBytes, type);
            node = Next(node);
        }
    }

    private ulong Next(ulong node) => context.Memory.U64(node + (ulong)_next) & ~Flags;

    private void Note(ulong address, PyType type)
    {
        if (TypeCatalog.IsMetatype(type) && (context.Memory.U64(address + (ulong)_flags) & TypeFlags.HeapType) != 0)
        {
            var traverse = context.Memory.U64(address + (ulong)_traverse);
            _traversesOfHeapTypes[traverse] = _traversesOfHeapTypes.GetValueOrDefault(traverse) + 1;
        }
        Look?.Invoke(address, type);
    }
}
