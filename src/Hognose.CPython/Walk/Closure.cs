using Hognose.Columns;
using Hognose.CPython.Types;
using Hognose.Diagnostics;
using Hognose.Heap;

namespace Hognose.CPython.Walk;

/// <summary>
/// Completes the set of objects: what the lists and pools do not hold (big objects, static ones) is reached by references. One pass over all known objects, on
/// as many threads as there are processors, gathers what leads to none of them; a stack goes on from there.
/// </summary>
internal sealed unsafe class Closure(
    WalkContext context, TypeCatalog catalog, ObjectStarts starts, ReferenceCounts counts, IReadOnlyList<(ulong Low, ulong High)> pools) : IDisposable
{
    private readonly EdgeBuffer _edges = new();
    private readonly (ulong Low, ulong High)[] _pools = [.. pools];
    private readonly ReferenceBudget _allReferences = new(context);
    private readonly Stack<ulong> _found = new();
    private readonly int _type = context.Layout.PyObject.ob_type;
    private BudgetShare _budget;

    /// <summary>Objects that only references led to.</summary>
    public long Found { get; private set; }

    /// <param name="known">The objects marked so far.</param>
    /// <param name="roots">What the runtime, threads and frames refer to.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Complete(AddressColumn known, ReadOnlySpan<ulong> roots, CancellationToken cancellation)
    {
        _budget = new BudgetShare(_allReferences);
        foreach (var root in roots)
            Consider(root);
        Drain(cancellation);
        foreach (var part in LeadingElsewhere(known, cancellation))
        {
            context.Diagnostics.Merge(part.Trouble);
            foreach (var edge in part.Edges)
            {
                Consider(edge);
                Drain(cancellation);
            }
        }
    }

    public void Dispose() => _edges.Dispose();

    private Elsewhere[] LeadingElsewhere(AddressColumn known, CancellationToken cancellation)
    {
        var parts = WalkParts.Of(known.Length);
        var found = new Elsewhere[parts.Length];
        Parallel.For(0, parts.Length, part => found[part] = LeadingElsewhere(known, parts[part], cancellation));
        return found;
    }

    /// <summary>References of a part of the known objects that lead to none of them, and may lead to an object.</summary>
    private Elsewhere LeadingElsewhere(AddressColumn known, Range part, CancellationToken cancellation)
    {
        var found = new Elsewhere(new BudgetShare(_allReferences));
        using var edges = new EdgeBuffer();
        for (var node = part.Start.Value; node < part.End.Value; node++)
        {
            if ((node & 0xffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            var address = known[node];
            var type = catalog.Known(context.Memory.U64(address + (ulong)_type));
            if (type.Layers.Length == 0)
                continue;
            Read(address, type, edges, ref found.Budget, found.Trouble);
            foreach (var edge in edges.Items)
                if (IsNew(edge) && MayBeObject(EdgeBuffer.AddressOf(edge)))
                    found.Add(edge);
        }
        return found;
    }

    private void Drain(CancellationToken cancellation)
    {
        while (_found.TryPop(out var address))
        {
            if ((_found.Count & 0xffff) == 0xffff)
                cancellation.ThrowIfCancellationRequested();
            if (catalog.Find(context.Memory.U64(address + (ulong)_type)) is not { } type)
                continue;
            Read(address, type, _edges, ref _budget, context.Diagnostics);
            foreach (var edge in _edges.Items)
                Consider(edge);
        }
    }

    private void Read(ulong address, PyType type, EdgeBuffer edges, ref BudgetShare budget, DiagnosticBag trouble)
    {
        edges.Clear();
        if (budget.IsSpent)
        {
            trouble.Add("HG0106", $"the references of the object at 0x{address:x} were not followed");
            return;
        }
        var at = context.Memory.Translate(address, (ulong)type.BasicSize);
        if (at == null)
            return;
        foreach (var layer in type.Layers)
            layer.Read(at, address, type, edges);
        budget.Use(edges.Looked);
    }

    private void Consider(ulong edge)
    {
        if (IsNew(edge))
            TryTake(EdgeBuffer.AddressOf(edge));
    }

    // Every object in a pool is known by now: a stray word that leads into one leads to something else.
    private bool IsNew(ulong edge) =>
        EdgeBuffer.AddressOf(edge) is var target && !starts.Contains(target) && (EdgeBuffer.KindOf(edge) != EdgeKind.Cons || !IsPooled(target));

    private bool IsPooled(ulong address)
    {
        int low = 0, high = _pools.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (address < _pools[middle].Low)
                high = middle - 1;
            else if (address >= _pools[middle].High)
                low = middle + 1;
            else
                return true;
        }
        return false;
    }

    private bool MayBeObject(ulong address)
    {
        if (address < 4096 || (address & 7) != 0)
            return false;
        var at = context.Memory.Translate(address, 16);
        return at != null && (counts.IsSane(*(ulong*)at) || counts.IsImmortal(*(ulong*)at));
    }

    private void TryTake(ulong address)
    {
        if (!MayBeObject(address) || catalog.Find(context.Memory.U64(address + (ulong)_type)) is not { } type)
            return;
        if (context.Memory.Translate(address, (ulong)type.BasicSize) == null || !starts.TryMark(address))
            return;
        Found++;
        _found.Push(address);
    }

    /// <summary>What one worker found.</summary>
    private sealed class Elsewhere(BudgetShare budget)
    {
        public BudgetShare Budget = budget;

        private const int RememberedBits = 12;

        /// <summary>Millions refer to None.</summary>
        private readonly ulong[] _remembered = new ulong[1 << RememberedBits];

        public List<ulong> Edges { get; } = [];

        public DiagnosticBag Trouble { get; } = new();

        public void Add(ulong edge)
        {
            ref var former = ref _remembered[(edge >> 4) & ((1 << RememberedBits) - 1)];
            if (former == edge)
                return;
            former = edge;
            Edges.Add(edge);
        }
    }
}
