using Hognose.CPython.Layouts;
using Hognose.Heap;
using Hognose.Heap.Resident;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Resident;

/// <summary>
/// Who owns each block. A block that begins with an object is the object's. Of the others, one that a word of an object leads to is a buffer of that
/// object, as is what such a buffer leads to in turn; then the interpreter's variables are asked, then those of libraries, then stacks. No reader
/// of a type is needed for that, so it also serves types of extensions.
/// </summary>
internal sealed unsafe class BlockOwners
{
    /// <summary>Pre-headers, and what the debug allocator puts in front.</summary>
    private const ulong LargestStart = 64;
    private const ulong PageBytes = 4096;

    private readonly FrozenMemory _memory;
    private readonly CPythonLayout _layout;
    private readonly HeapGraph _graph;
    private readonly BlockMap _blocks;
    private readonly Stack<int> _open = new();
    private readonly List<(int Block, int Owner)> _vague = [];
    private readonly List<(ResidentKind Kind, string Name)> _places = [];

    public BlockOwners(FrozenMemory memory, CPythonLayout layout, HeapGraph graph, BlockMap blocks)
    {
        _memory = memory;
        _layout = layout;
        _graph = graph;
        _blocks = blocks;
    }

    /// <summary>Numbers are below it.</summary>
    public int Count => 2 * _graph.Types.Count + _places.Count;

    /// <summary>What an owner's number stands for.</summary>
    public (ResidentKind Kind, string Name) this[int owner] =>
        owner == BlockMap.Nobody ? (ResidentKind.Unheld, "")
        : owner >= 2 * _graph.Types.Count ? _places[owner - 2 * _graph.Types.Count]
        : (owner % 2 == 0 ? ResidentKind.Objects : ResidentKind.Buffers, _graph.Types[new TypeId(owner / 2)].QualifiedName);

    /// <param name="regions">Mappings of the copy.</param>
    /// <param name="runtime">Lies in the interpreter's own data.</param>
    /// <param name="stackPointers">Below them a stack holds nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Find(IReadOnlyList<MemoryRegion> regions, ulong runtime, IReadOnlyList<ulong> stackPointers, CancellationToken cancellation)
    {
        FindObjects(cancellation);
        foreach (var image in Images(regions, runtime))
        {
            cancellation.ThrowIfCancellationRequested();
            var owner = PlaceOf(image.Kind, image.Name);
            foreach (var region in image.Regions)
                FollowVariables(region, owner);
        }
        var thread = PlaceOf(ResidentKind.Thread, "");
        foreach (var pointer in stackPointers)
            foreach (var region in regions)
                if (region.IsCopied && region.Low.Value <= pointer && pointer < region.High.Value)
                    foreach (var run in region.Present)
                        if (run.High > pointer)
                            Follow(Math.Max(run.Low, pointer & ~7ul), run.High - Math.Max(run.Low, pointer & ~7ul), thread);
    }

    /// <summary>Only what belongs to objects.</summary>
    public void FindObjects(CancellationToken cancellation)
    {
        TakeObjects(cancellation);
        _blocks.MarkUnowned();
        // Keys that instances share are their class's, so classes are asked first.
        TakeBuffers(isClass: true, cancellation);
        TakeBuffers(isClass: false, cancellation);
        // Only now on from buffers: a spare end may still have a word of what was there before, which leads into another object's.
        FollowBuffers();
        foreach (var (block, owner) in _vague)
            if (!_blocks.IsOwned(block))
                Take(block, owner);
        _vague.Clear();
        FollowBuffers();
    }

    private void FollowBuffers()
    {
        while (_open.TryPop(out var block))
            TakeAll(_blocks.StartOf(block), _blocks.BytesOf(block), _blocks.OwnerOf(block));
    }

    /// <summary>The type of the object to which an owner's blocks belong without being it; null: none.</summary>
    public int? TypeOfStorage(int owner) => owner >= 0 && owner < 2 * _graph.Types.Count && owner % 2 == 1 ? owner / 2 : null;

    /// <summary>
    /// Variables that begin as zero share a mapping with what the process mapped right behind them: a block of malloc, an arena. They end where such begins.
    /// </summary>
    private void FollowVariables(in MemoryRegion region, int owner)
    {
        foreach (var run in region.Present)
            for (var page = run.Low; page < run.High; page += PageBytes)
            {
                if (region.Path.Length == 0 && _blocks.TouchesPage(page))
                    return;
                Follow(page, PageBytes, owner);
            }
    }

    private int PlaceOf(ResidentKind kind, string name)
    {
        _places.Add((kind, name));
        return 2 * _graph.Types.Count + _places.Count - 1;
    }

    private void TakeObjects(CancellationToken cancellation)
    {
        var cursor = new BlockMap.Cursor(_blocks);
        for (var node = 0; node < _graph.NodeCount; node++)
        {
            if ((node & 0xffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            var address = _graph.Addresses[node];
            var block = cursor.Find(address);
            if (block >= 0 && !_blocks.IsOwned(block) && address - cursor.Start <= LargestStart)
                _blocks.Give(block, _graph.TypeIds[node] * 2);
        }
    }

    private void TakeBuffers(bool isClass, CancellationToken cancellation)
    {
        var parts = new PointerParts(_memory, _layout, _graph);
        var isMetatype = new bool[_graph.Types.Count];
        for (var type = 0; type < isMetatype.Length; type++)
            isMetatype[type] = _graph.Types[new TypeId(type)].QualifiedName == "type";
        var cursor = new BlockMap.Cursor(_blocks);
        for (var node = 0; node < _graph.NodeCount; node++)
        {
            if ((node & 0xffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            var type = _graph.TypeIds[node];
            if (isMetatype[type] != isClass)
                continue;
            var address = _graph.Addresses[node];
            var bytes = parts.BytesOf(address, type);
            var start = address;
            if (cursor.Find(address) >= 0 && address - cursor.Start <= LargestStart)
            {
                start = cursor.Start;
                // Some are allocated smaller than their type says (a datetime without a time zone): what follows is another's.
                bytes = Math.Min(bytes, cursor.End - address);
            }
            TakeAll(start, address - start + bytes, type * 2 + 1, fromObject: true);
        }
    }

    private void Follow(ulong address, ulong bytes, int owner)
    {
        TakeAll(address, bytes, owner);
        while (_open.TryPop(out var block))
            TakeAll(_blocks.StartOf(block), _blocks.BytesOf(block), owner);
    }

    /// <param name="fromObject">
    /// A program that is not position-independent has its heap where an object's flags and counts look like addresses of it. A pointer leads to where a block begins,
    /// or to an even place soon behind; words of objects that lead elsewhere wait until all of those are followed.
    /// </param>
    private void TakeAll(ulong address, ulong bytes, int owner, bool fromObject = false)
    {
        var at = (ulong*)_memory.Translate(address, bytes & ~7ul);
        if (at == null)
            return;
        for (var end = at + bytes / 8; at < end; at++)
            if (*at > PageBytes && _blocks.FindUnowned(*at) is var block and >= 0)
                if (fromObject && !LeadsToBegin(*at, block))
                    _vague.Add((block, owner));
                else
                    Take(block, owner);
    }

    private bool LeadsToBegin(ulong word, int block) => word % 8 == 0 && word - _blocks.StartOf(block) <= LargestStart;

    private void Take(int block, int owner)
    {
        _blocks.Give(block, owner);
        _open.Push(block);
    }

    /// <summary>The interpreter's binary first, the C library's last: it leads to little of its own and to streams of everybody's.</summary>
    private static IEnumerable<(ResidentKind Kind, string Name, List<MemoryRegion> Regions)> Images(IReadOnlyList<MemoryRegion> regions, ulong runtime)
    {
        var images = new List<(string Name, List<MemoryRegion> Regions)>();
        foreach (var region in regions.Where(region => region.IsImage))
        {
            // Variables that begin as zero follow the file's in a mapping without a name.
            if (region.Path.Length > 0 && (images.Count == 0 || images[^1].Name != region.Path))
                images.Add((region.Path, []));
            if (images.Count > 0 && region.IsCopied && (region.Access & MappingAccess.Write) != 0)
                images[^1].Regions.Add(region);
        }
        var isOfInterpreter = images.ToLookup(image => image.Regions.Any(region => region.Low.Value <= runtime && runtime < region.High.Value));
        return isOfInterpreter[true].Select(image => (ResidentKind.Interpreter, "", image.Regions))
            .Concat(isOfInterpreter[false].OrderBy(image => IsOfC(image.Name)).Select(image => (ResidentKind.Library, Path.GetFileName(image.Name), image.Regions)));
    }

    private static bool IsOfC(string path) =>
        Path.GetFileName(path) is var name && (name.StartsWith("libc.so", StringComparison.Ordinal) || name.StartsWith("libc-", StringComparison.Ordinal) || name.StartsWith("ld-", StringComparison.Ordinal));
}
