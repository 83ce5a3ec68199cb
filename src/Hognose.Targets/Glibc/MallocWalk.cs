using Hognose.Targets.Copying;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Glibc;

/// <summary>
/// Goes over glibc's heap in a copy of a process (malloc/malloc.c, malloc/arena.c): the main arena in <c>[heap]</c>, the arenas of threads in
/// heaps of their own, blocks with mappings of their own. Another malloc has no arena that is found, and the map is empty.
/// </summary>
public sealed class MallocWalk
{
    private const ulong InUse = 1;
    private const ulong IsMapped = 2;
    private const ulong Flags = 7;
    private const ulong Smallest = 32;
    private const ulong Page = 4096;

    /// <summary>Heaps of threads are aligned to their largest size (HEAP_MAX_SIZE; 128 huge pages change it, which no distribution does).</summary>
    private const ulong ThreadHeap = 64 << 20;
    private const int MostHeaps = 1 << 16;

    private readonly MallocState _state;
    private readonly IReadOnlyList<MemoryRegion> _regions;
    private readonly FreeLists _lists;
    private readonly bool _hasHeap;
    private readonly HashSet<ulong> _heaps = [];
    private readonly long _mostChunks;
    private readonly List<MallocChunk> _chunks = [];
    private readonly Dictionary<ulong, (int From, int To)> _chunksOf = [];

    private MallocWalk(FrozenMemory memory, IReadOnlyList<MemoryRegion> regions)
    {
        _state = new MallocState(memory);
        _regions = regions;
        _hasHeap = regions.Any(region => region.Kind == RegionKind.Heap);
        // Each has a header in a page that is there; a heap that was overwritten may tell of more.
        _mostChunks = regions.Where(region => region.IsCopied).Sum(region => (long)region.PresentBytes) / (long)Smallest;
        _lists = new FreeLists(_state, _mostChunks);
    }

    /// <param name="memory">The copy.</param>
    /// <param name="regions">Its mappings.</param>
    /// <param name="taken">Spans that are known to be something else (arenas of pymalloc), ascending.</param>
    /// <param name="cancellation">Ends it.</param>
    public static MallocMap Run(
        FrozenMemory memory, IReadOnlyList<MemoryRegion> regions, IReadOnlyList<(ulong Low, ulong High)> taken, CancellationToken cancellation) =>
        new MallocWalk(memory, regions).Read(taken, cancellation);

    private MallocMap Read(IReadOnlyList<(ulong Low, ulong High)> taken, CancellationToken cancellation)
    {
        var main = FindMain();
        if (main == 0)
            return MallocMap.Empty;
        var arenas = _state.Arenas(main);
        foreach (var arena in arenas)
        {
            cancellation.ThrowIfCancellationRequested();
            var from = _chunks.Count;
            if (arena == main)
                ReadMain(main);
            else
                ReadThreadArena(arena);
            _chunksOf[arena] = (from, _chunks.Count);
            _lists.ReadFastBins(arena);
        }
        foreach (var chunk in _chunks)
            _lists.LookForCache(chunk);
        MarkListed();
        var facts = arenas.Select(arena => FactsOf(arena, arena == main)).ToList();
        var trimmable = arenas.SelectMany(arena => TrimmableOf(arena, arena == main)).OrderBy(range => range.Low).ToList();
        ReadMappedBlocks(taken, cancellation);
        _chunks.Sort((left, right) => left.Address.CompareTo(right.Address));
        return new MallocMap(facts, _chunks, trimmable);
    }

    private ulong FindMain()
    {
        foreach (var region in _regions)
            if (region is { IsImage: true, IsCopied: true } && (region.Access & MappingAccess.Write) != 0
                && _state.FindMain(region.Low.Value, region.High.Value) is var main and not 0)
                return main;
        return 0;
    }

    private void ReadMain(ulong arena)
    {
        var top = _state.TopOf(arena);
        foreach (var heap in _regions.Where(region => IsMainHeap(region, top)))
            ReadChunks(heap.Low.Value, heap.High.Value, top);
    }

    /// <summary>Where it ends in a core, which does not call its mapping [heap].</summary>
    private bool IsMainHeap(MemoryRegion region, ulong top) =>
        region.Kind == RegionKind.Heap || (region.Low.Value <= top && top < region.High.Value && IsPlain(region) && !_hasHeap);

    /// <summary>
    /// The first heap begins with its head and the arena; later ones with a head alone. Each head leads to the arena and to the heap before.
    /// </summary>
    private void ReadThreadArena(ulong arena)
    {
        var top = _state.TopOf(arena);
        var first = arena & ~(ThreadHeap - 1);
        var heap = top & ~(ThreadHeap - 1);
        for (var i = 0; heap != 0 && i < MostHeaps && _state.Word(heap) == arena && _heaps.Add(heap); i++)
        {
            var start = heap == first ? Aligned(arena + (ulong)_state.Size) : heap + (arena - first);
            _chunks.Add(new MallocChunk(heap, start - heap, ChunkState.Bookkeeping));
            ReadChunks(start, Math.Min(heap + _state.Word(heap + 16), heap + ThreadHeap), top);
            heap = _state.Word(heap + 8);
        }
    }

    private static ulong Aligned(ulong address) => (address + 15) & ~15ul;

    private void ReadChunks(ulong low, ulong high, ulong top)
    {
        for (var chunk = low; chunk < high && _chunks.Count < _mostChunks;)
        {
            var size = _state.Word(chunk + 8) & ~Flags;
            // A chunk that leaves its heap was torn; what is behind it cannot be told.
            if (size > high - chunk || size == 0)
                return;
            if (chunk == top)
            {
                _chunks.Add(new MallocChunk(chunk, size, ChunkState.Top));
                return;
            }
            var isUsed = (_state.Word(chunk + size + 8) & InUse) != 0;
            _chunks.Add(new MallocChunk(chunk, size, size < Smallest ? ChunkState.Bookkeeping : isUsed ? ChunkState.InUse : ChunkState.Free));
            chunk += size;
        }
    }

    private void MarkListed()
    {
        for (var i = 0; i < _chunks.Count; i++)
            if (_chunks[i].State != ChunkState.InUse)
                continue;
            else if (_lists.Fast.Contains(_chunks[i].Address))
                _chunks[i] = _chunks[i] with { State = ChunkState.Fast };
            else if (_lists.Cached.Contains(_chunks[i].Address))
                _chunks[i] = _chunks[i] with { State = ChunkState.Cached };
    }

    private MallocArena FactsOf(ulong arena, bool isMain)
    {
        var (from, to) = _chunksOf[arena];
        long free = 0, fast = 0, cached = 0, top = 0;
        for (var i = from; i < to; i++)
        {
            var bytes = (long)_chunks[i].Bytes;
            free += _chunks[i].State == ChunkState.Free ? bytes : 0;
            fast += _chunks[i].State == ChunkState.Fast ? bytes : 0;
            cached += _chunks[i].State == ChunkState.Cached ? bytes : 0;
            top += _chunks[i].State == ChunkState.Top ? bytes : 0;
        }
        return new MallocArena(arena, isMain, (long)_state.SystemOf(arena), free, fast, cached, top);
    }

    /// <summary>
    /// malloc_trim first joins the chunks of fastbins with their free neighbours, then gives back whole pages within each free chunk, and of the
    /// main arena the pages of its end (mtrim, systrim).
    /// </summary>
    private IEnumerable<(ulong Low, ulong High)> TrimmableOf(ulong arena, bool isMain)
    {
        const ulong head = 48;
        const ulong leastTop = 33;
        var (from, to) = _chunksOf[arena];
        for (var i = from; i < to; i++)
        {
            if (_chunks[i].State is not (ChunkState.Free or ChunkState.Fast or ChunkState.Top))
                continue;
            var low = _chunks[i].Address;
            while (_chunks[i].State != ChunkState.Top && i + 1 < to && _chunks[i + 1].Address == _chunks[i].End
                && _chunks[i + 1].State is ChunkState.Free or ChunkState.Fast or ChunkState.Top)
                i++;
            var high = _chunks[i].End;
            if (_chunks[i].State != ChunkState.Top)
                (low, high) = ((low + head + Page - 1) & ~(Page - 1), high & ~(Page - 1));
            else if (isMain)
                low = high - ((high - low > leastTop ? high - low - leastTop : 0) & ~(Page - 1));
            else
                continue;
            if (low < high)
                yield return (low, high);
        }
    }

    /// <summary>A block with a mapping of its own begins a page: nothing before it, a size of whole pages, the mark. Neighbours share one mapping.</summary>
    private void ReadMappedBlocks(IReadOnlyList<(ulong Low, ulong High)> taken, CancellationToken cancellation)
    {
        var known = new List<(ulong Low, ulong High)>(taken);
        known.AddRange(_chunks.Where(chunk => chunk.State == ChunkState.Bookkeeping && chunk.Address % ThreadHeap == 0)
            .Select(chunk => (chunk.Address, chunk.Address + ThreadHeap)));
        known.Sort();
        var next = 0;
        foreach (var region in _regions.Where(IsPlain))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var run in region.Present)
                for (var page = run.Low; page < run.High;)
                {
                    while (next < known.Count && known[next].High <= page)
                        next++;
                    if (next < known.Count && known[next].Low <= page)
                    {
                        page = known[next].High;
                        continue;
                    }
                    page += TryMapped(page, region.High.Value);
                }
        }
    }

    /// <summary>The size is that of the mapping; since glibc 2.43 less the header.</summary>
    private ulong TryMapped(ulong page, ulong end)
    {
        var size = _state.Word(page + 8);
        var bytes = ((size & ~Flags) + MallocChunk.HeaderBytes) & ~(Page - 1);
        if (_state.Word(page) != 0 || (size & Flags) != IsMapped || bytes == 0 || bytes > end - page
            || (size & ~Flags) is var told && told != bytes && told + MallocChunk.HeaderBytes != bytes)
            return Page;
        _chunks.Add(new MallocChunk(page, bytes, ChunkState.Mapped));
        return bytes;
    }

    /// <summary>A mapping right behind a library's variables is one with them.</summary>
    private static bool IsPlain(MemoryRegion region) =>
        region is { Kind: RegionKind.Anonymous, IsCopied: true } && (region.Access & MappingAccess.Write) != 0;
}
