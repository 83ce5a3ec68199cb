using Hognose.Columns;
using Hognose.Formats.Alloc;
using Hognose.Formats.Blocks;
using Hognose.Formats.Heap.Payloads;

namespace Hognose.Formats.Heap;

/// <summary>A snapshot while it is read. What a damaged block held stays: objects of the type "(lost)" without size, references that hold nothing.</summary>
/// <param name="fileLength">In bytes; 0 where it is not known.</param>
/// <param name="columns">That are asked for, of those that can be left out.</param>
internal sealed class HeapFileBuilder(long fileLength, HeapColumns columns)
{
    /// <summary>Seen by the collector only: holds nothing.</summary>
    private const uint NoReference = 2u << 30;

    private static readonly HeapFileType LostType = new("", "(lost)", 0, 1, -1);
    private long _losableNodes;
    private long _losableEdges;
    private long _lostNodes;
    private long _lostEdges;

    public HeapFileFacts? Facts { get; private set; }

    public bool ReadsSurplus => (columns & HeapColumns.Surplus) != 0;

    public bool ReadsLengths => (columns & HeapColumns.Lengths) != 0;

    public List<HeapFileType> Types { get; } = [];

    public List<HeapFileName> Names { get; } = [default];

    public List<int> Roots { get; } = [];

    public List<int> HeldByFrames { get; } = [];

    public List<HeapFileHolder> Holders { get; } = [];

    public Dictionary<int, string> OwnNames { get; } = [];

    public Dictionary<int, IReadOnlyList<string>> FreeVariables { get; } = [];

    public Dictionary<string, long> Trouble { get; } = [];

    /// <summary>Of <see cref="Births"/>.</summary>
    public StackColumns Stacks { get; } = new();

    /// <summary>By node, as far as the file says.</summary>
    public List<int> Births { get; } = [];

    /// <summary>The same.</summary>
    public List<int> Ages { get; } = [];

    /// <summary>The same.</summary>
    public List<int> BirthBlocks { get; } = [];

    public OptionalBlocks Optional { get; } = new();

    public AddressColumn Addresses { get; } = [];

    public int[] TypeIds { get; private set; } = [];

    public NumberColumn Sizes { get; } = [];

    public byte[] Flags { get; private set; } = [];

    public NumberColumn Surplus { get; } = [];

    public NumberColumn Lengths { get; } = [];

    public int[] EdgeStarts { get; private set; } = [0];

    public uint[] Edges { get; private set; } = [];

    public int[] EdgeNames { get; private set; } = [];

    public int NodesRead { get; set; }

    public long EdgesRead { get; set; }

    /// <summary>As the degrees of the nodes say.</summary>
    public long EdgeCount => EdgeStarts[NodesRead];

    public int NodeCount => Facts?.Nodes ?? 0;

    public void Begin(HeapFileFacts facts)
    {
        if (Facts is not null)
            throw new MalformedPayloadException("repeats the facts");
        Facts = facts;
    }

    /// <summary>Whether blocks of this kind are unpacked.</summary>
    public bool Reads(BlockType type) => type != BlockType.Contents || (columns & HeapColumns.Contents) != 0;

    /// <param name="type">Of a block that is damaged.</param>
    /// <param name="length">Bytes of its payload: it held no more objects or references than fit there.</param>
    public void NoteLostBlock(BlockType type, long length)
    {
        if (OptionalBlocks.Holds(type))
            Optional.Lose(type);
        else if (type == BlockType.Nodes)
            _losableNodes += Math.Min(HeapFormat.NodesPerBlock, length / NodesPayload.LeastBytes);
        else
            _losableEdges += Math.Min(EdgesPayload.EdgesPerBlock, length / EdgesPayload.LeastBytes);
    }

    /// <summary>
    /// Columns grow with what is read: a number in the facts costs nothing. One that the file is long enough for is believed, so that nothing is copied.
    /// </summary>
    public void MakeRoomForNodes(int count)
    {
        if (count <= TypeIds.Length)
            return;
        var room = (int)Math.Min(NodeCount, Math.Max(Math.Max(count, fileLength), TypeIds.Length * 2L));
        TypeIds = Grown(TypeIds, room);
        Sizes.Resize(room);
        Flags = Grown(Flags, room);
        if (ReadsSurplus)
            Surplus.Resize(room);
        if (ReadsLengths)
            Lengths.Resize(room);
        EdgeStarts = Grown(EdgeStarts, room + 1);
    }

    public void MakeRoomForEdges(long count)
    {
        if (count <= Edges.Length)
            return;
        var room = (int)Math.Min(EdgeCount, Math.Max(Math.Max(count, fileLength), Edges.Length * 2L));
        Edges = Grown(Edges, room);
        EdgeNames = Grown(EdgeNames, room);
    }

    /// <summary>Nodes up to this one were in blocks that are lost: they get addresses just behind the last one known, where no object can stand.</summary>
    public void LoseNodes(int end)
    {
        if (end - NodesRead > _losableNodes)
            throw new MalformedPayloadException("lacks objects");
        MakeRoomForNodes(end);
        for (var node = NodesRead; node < end; node++)
        {
            Addresses.Add((node > 0 ? Addresses[node - 1] : 0) + 1);
            TypeIds[node] = LostTypeId();
            if (ReadsSurplus)
                Surplus[node] = HeapFile.NotCounted;
            if (ReadsLengths)
                Lengths[node] = -1;
            EdgeStarts[node + 1] = EdgeStarts[node];
            _lostNodes++;
        }
        NodesRead = Math.Max(NodesRead, end);
    }

    /// <summary>The same of references; a node's lost references hold nothing.</summary>
    public void LoseEdges(long end)
    {
        if (end - EdgesRead > _losableEdges)
            throw new MalformedPayloadException("lacks references");
        MakeRoomForEdges(end);
        for (var edge = EdgesRead; edge < end; edge++, _lostEdges++)
            Edges[edge] = NoReference;
        EdgesRead = Math.Max(EdgesRead, end);
    }

    /// <summary>The first edges come: no node can follow.</summary>
    public void EndNodes() => LoseNodes(NodeCount);

    /// <summary>The node that an edge belongs to.</summary>
    public int SourceOf(long edge)
    {
        int low = 0, high = NodeCount - 1;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (EdgeStarts[middle + 1] <= edge)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    public HeapFile ToFile()
    {
        if (Facts is null)
            throw new MalformedPayloadException("holds no facts");
        EndNodes();
        LoseEdges(EdgeCount);
        if (_lostNodes > 0)
            Trouble["HG0401"] = _lostNodes;
        if (_lostEdges > 0)
            Trouble["HG0402"] = _lostEdges;
        if (Optional.LostBlocks > 0)
            Trouble["HG0403"] = Optional.LostBlocks;
        var hasContents = Optional.HasContents(NodeCount);
        var file = new HeapFile
        {
            Facts = Facts,
            Types = Types,
            Names = Names,
            Roots = [.. Roots],
            HeldByFrames = [.. HeldByFrames],
            Holders = Holders,
            OwnNames = OwnNames,
            FreeVariables = FreeVariables,
            Trouble = Trouble,
            Addresses = Addresses,
            TypeIds = Exact(TypeIds, NodeCount),
            Sizes = Exact(Sizes, NodeCount),
            Flags = Exact(Flags, NodeCount),
            Surplus = ReadsSurplus ? Exact(Surplus, NodeCount) : [],
            Lengths = ReadsLengths ? Exact(Lengths, NodeCount) : [],
            EdgeStarts = Exact(EdgeStarts, NodeCount + 1),
            Edges = Exact(Edges, (int)EdgeCount),
            EdgeNames = Exact(EdgeNames, (int)EdgeCount),
            Births = BirthsOfAll(),
            EqualBefore = hasContents ? Optional.EqualBefore : [],
            Unused = hasContents ? Optional.Unused : [],
            Values = Optional.IsLost(BlockType.Values) ? new Dictionary<int, string>() : Optional.Values,
            WeakTargets = Optional.IsLost(BlockType.WeakTargets) ? new Dictionary<int, int>() : Optional.WeakTargets,
            Suspended = Optional.IsLost(BlockType.Suspended) ? new Dictionary<int, HeapFilePlace>() : Optional.Suspended,
            Threads = Optional.IsLost(BlockType.Threads) ? [] : Optional.Threads,
            Collectors = Optional.IsLost(BlockType.Collectors) ? [] : Optional.Collectors,
            Resident = Optional.ToResident(),
            LostNodes = _lostNodes,
        };
        HeapTotals.Check(file);
        return file;
    }

    private HeapFileBirths? BirthsOfAll()
    {
        if (Births.Count == 0)
            return null;
        return new HeapFileBirths(Stacks.ToTable(), OfAll(Births), OfAll(Ages))
        {
            SampleBytes = Facts?.BirthSampleBytes ?? 0,
            BlockBytesOfNode = BirthBlocks.Count > 0 ? OfAll(BirthBlocks) : [],
        };
    }

    /// <summary>-1 where the file does not say.</summary>
    private int[] OfAll(List<int> told)
    {
        var all = new int[NodeCount];
        Array.Fill(all, -1);
        told.CopyTo(all);
        return all;
    }

    private static T[] Grown<T>(T[] column, int room)
    {
        Array.Resize(ref column, room);
        return column;
    }

    private static NumberColumn Exact(NumberColumn column, int count)
    {
        if (column.Length != count)
            column.Resize(count);
        return column;
    }

    private static T[] Exact<T>(T[] column, int count) => column.Length == count ? column : column[..count];

    private int LostTypeId()
    {
        if (Types.Count == 0 || Types[^1] != LostType)
            Types.Add(LostType);
        return Types.Count - 1;
    }
}
