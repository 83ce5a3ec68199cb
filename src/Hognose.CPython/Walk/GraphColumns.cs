using Hognose.Columns;
using Hognose.CPython.Types;
using Hognose.Heap;

namespace Hognose.CPython.Walk;

/// <summary>Reads every known object once more, into the columns of the graph: type, size, flags, edges as ids.</summary>
internal sealed unsafe class GraphColumns(WalkContext context, TypeCatalog catalog, ObjectStarts starts, ReaderSet readers)
{
    // No address space is larger.
    private const long LargestObject = 1L << 47;

    // While they are read: a few objects count a buffer that is an object, too (io.BytesIO).
    private readonly long _mostBytes = 4 * context.MappedBytes;

    private readonly int _type = context.Layout.PyObject.ob_type;
    private readonly int _flags = context.Layout.PyTypeObject.tp_flags;

    public required AddressColumn Addresses { get; init; }

    public int[] TypeIds { get; private set; } = [];

    public NumberColumn Sizes { get; private set; } = [];

    public NodeFlags[] Flags { get; private set; } = [];

    public int[] EdgeStarts { get; private set; } = [];

    public uint[] Edges { get; private set; } = [];

    public void Fill(IReadOnlyList<(ulong Low, ulong High)> pools, CancellationToken cancellation)
    {
        var count = Addresses.Length;
        TypeIds = GC.AllocateUninitializedArray<int>(count);
        Sizes = new NumberColumn(count);
        Flags = GC.AllocateUninitializedArray<NodeFlags>(count);
        EdgeStarts = GC.AllocateUninitializedArray<int>(count + 1);
        var parts = WalkParts.Of(count);
        var parcels = new GraphParcel[parts.Length];
        var budget = new ReferenceBudget(context);
        Parallel.For(0, parts.Length, part =>
            parcels[part] = ReadRange(parts[part].Start.Value, parts[part].End.Value, pools, new BudgetShare(budget), cancellation));
        Join(parcels);
    }

    private GraphParcel ReadRange(int from, int to, IReadOnlyList<(ulong Low, ulong High)> pools, BudgetShare budget, CancellationToken cancellation)
    {
        var parcel = new GraphParcel(from, to, budget);
        using var buffer = new EdgeBuffer();
        var inPools = new AscendingSpans([.. pools]);
        var inImages = new AscendingSpans([.. context.Regions.Where(region => region.IsImage).Select(region => (region.Low.Value, region.High.Value))]);
        for (var node = from; node < to; node++)
        {
            if ((node & 0xffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            EdgeStarts[node] = (int)parcel.Count;
            ReadNode(node, buffer, parcel);
            var address = Addresses[node];
            Flags[node] |= inPools.Contains(address) ? NodeFlags.Pooled : inImages.Contains(address) ? NodeFlags.Static : 0;
        }
        return parcel;
    }

    private void ReadNode(int node, EdgeBuffer buffer, GraphParcel parcel)
    {
        var address = Addresses[node];
        var type = catalog.Known(context.Memory.U64(address + (ulong)_type));
        var at = context.Memory.Translate(address, (ulong)type.BasicSize);
        TypeIds[node] = type.Index;
        Flags[node] = FlagsOf(at, address, type);
        Sizes[node] = SizeOf(at, address, type, parcel);
        buffer.Clear();
        if (!parcel.Budget.IsSpent)
        {
            foreach (var layer in type.Layers)
                layer.Read(at, address, type, buffer);
            parcel.Budget.Use(buffer.Looked);
        }
        if (parcel.Budget.IsSpent)
        {
            parcel.Trouble.Add("HG0107", $"the references of the object at 0x{address:x} were left out");
            return;
        }
        foreach (var edge in buffer.Items)
        {
            var target = starts.IdOf(EdgeBuffer.AddressOf(edge));
            if (target >= 0)
                parcel.Add(HeapGraph.Pack(target, EdgeBuffer.KindOf(edge)));
        }
    }

    private long SizeOf(byte* at, ulong address, PyType type, GraphParcel parcel)
    {
        var size = type.Sizer!.SizeOf(at, address, type) + type.SizeHeader;
        if (size is >= 0 and < LargestObject && parcel.TryClaim(size, _mostBytes))
        {
            if (type.Sizer.HasStorage && type.Sizer.StorageOf(at) is not 0 and var storage)
                parcel.Storage.Add((storage, size - type.SizeHeader - type.BasicSize));
            return size;
        }
        parcel.Trouble.Add("HG0105", $"the object at 0x{address:x} claims {size} bytes");
        return type.BasicSize;
    }

    private NodeFlags FlagsOf(byte* at, ulong address, PyType type)
    {
        var flags = readers.ReferenceCounts.IsImmortal(*(ulong*)at) ? NodeFlags.Immortal : NodeFlags.None;
        if (!type.IsCollected)
            return flags;
        // Static types are no objects of the collector, although their metatype's instances are.
        if (TypeCatalog.IsMetatype(type) && (*(ulong*)(at + _flags) & TypeFlags.HeapType) == 0)
            return flags;
        return context.Memory.U64(address - 16) != 0 ? flags | NodeFlags.Tracked : flags;
    }

    private void Join(GraphParcel[] parcels)
    {
        var total = parcels.Sum(parcel => parcel.Count);
        if (total > Array.MaxLength)
            throw new Diagnostics.CannotContinueException($"the heap has {total:N0} references, more than fit", "");
        Edges = GC.AllocateUninitializedArray<uint>((int)total);
        var offset = 0;
        foreach (var parcel in parcels)
        {
            context.Diagnostics.Merge(parcel.Trouble);
            parcel.CopyTo(Edges.AsSpan(offset));
            if (offset > 0)
                for (var node = parcel.From; node < parcel.To; node++)
                    EdgeStarts[node] += offset;
            offset += (int)parcel.Count;
        }
        EdgeStarts[^1] = (int)total;
        foreach (var parcel in parcels)
            TakeFromStorage(parcel.Storage);
    }

    /// <summary>Each byte counts once: with the owner, whose <c>__sizeof__</c> has it.</summary>
    private void TakeFromStorage(List<(ulong Address, long Bytes)> storage)
    {
        foreach (var (address, bytes) in storage)
            if (starts.IdOf(address) is var node and >= 0)
                Sizes[node] = Math.Max(0, Sizes[node] - bytes);
    }
}
