using Hognose.Columns;
using Hognose.CPython.Types;
using Hognose.Heap;

namespace Hognose.CPython.Walk;

/// <summary>
/// Completes the set of objects: what the lists and pools do not hold (big objects, static ones) is reached by references. One pass over
/// all known objects, and a stack for what it finds.
/// </summary>
internal sealed unsafe class Closure(
    WalkContext context, TypeCatalog catalog, ObjectStarts starts, IReferenceCounts counts, IReadOnlyList<(ulong Low, ulong High)> pools) : IDisposable
{
    private readonly EdgeBuffer _edges = new();
    private BudgetShare _budget = new(new ReferenceBudget(context));
    private readonly Stack<ulong> _found = new();
    private readonly int _type = context.Layout.PyObject.ob_type;

    /// <summary>Objects that only references led to.</summary>
    public long Found { get; private set; }

    /// <param name="known">The objects marked so far.</param>
    /// <param name="roots">What the runtime, threads and frames refer to.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Complete(AddressColumn known, ReadOnlySpan<ulong> roots, CancellationToken cancellation)
    {
        foreach (var root in roots)
            Consider(root);
        Drain(cancellation);
        for (var i = 0; i < known.Length; i++)
        {
            if ((i & 0xffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            Follow(known[i]);
            Drain(cancellation);
        }
    }

    public void Dispose() => _edges.Dispose();

    private void Drain(CancellationToken cancellation)
    {
        while (_found.TryPop(out var address))
        {
            if ((_found.Count & 0xffff) == 0xffff)
                cancellation.ThrowIfCancellationRequested();
            Follow(address);
        }
    }

    private void Follow(ulong address)
    {
        if (_budget.IsSpent)
        {
            context.Diagnostics.Add("HG0106", $"the references of the object at 0x{address:x} were not followed");
            return;
        }
        if (catalog.Find(context.Memory.U64(address + (ulong)_type)) is not { } type)
            return;
        var at = context.Memory.Translate(address, (ulong)type.BasicSize);
        if (at == null)
            return;
        _edges.Clear();
        foreach (var layer in type.Layers)
            layer.Read(at, address, type, _edges);
        _budget.Use(_edges.Looked);
        foreach (var edge in _edges.Items)
            Consider(edge);
    }

    private void Consider(ulong edge)
    {
        var target = EdgeBuffer.AddressOf(edge);
        if (!starts.Contains(target) && (EdgeBuffer.KindOf(edge) != EdgeKind.Cons || !IsPooled(target)))
            TryTake(target);
    }

    // Every object in a pool is known by now: a stray word that leads into one leads to something else.
    private bool IsPooled(ulong address)
    {
        int low = 0, high = pools.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (address < pools[middle].Low)
                high = middle - 1;
            else if (address >= pools[middle].High)
                low = middle + 1;
            else
                return true;
        }
        return false;
    }

    private void TryTake(ulong address)
    {
        if (address < 4096 || (address & 7) != 0)
            return;
        var at = context.Memory.Translate(address, 16);
        if (at == null || !counts.IsSane(*(ulong*)at) && !counts.IsImmortal(*(ulong*)at))
            return;
        if (catalog.Find(*(ulong*)(at + _type)) is not { } type || context.Memory.Translate(address, (ulong)type.BasicSize) == null)
            return;
        if (!starts.TryMark(address))
            return;
        Found++;
        _found.Push(address);
    }
}
