using Hognose.Targets.Copying;
using Hognose.Targets.Glibc;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Tests.Glibc;

/// <summary>Heaps written by hand, as glibc 2.26 to 2.42 have them, and such as no malloc would leave.</summary>
public sealed unsafe class MallocWalkTests : IDisposable
{
    private const ulong Main = 0x5555_0000_0000;
    private const ulong Heap = 0x7f00_0000_0000;
    private const ulong HeapBytes = 32 << 20;
    private const ulong Arena = Heap + 32;
    private const ulong FirstChunk = Arena + 2208;
    private const ulong Used = 1;
    private const ulong CacheBytes = 0x290;

    private readonly FrozenMemory _memory = new([(new TargetAddress(Main), new TargetAddress(Main + 4096)), (new TargetAddress(Heap), new TargetAddress(Heap + HeapBytes))]);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void A_heap_that_is_its_own_predecessor_is_gone_through_once()
    {
        WriteArenas(top: FirstChunk + 64);
        Word(Heap + 8) = Heap;
        Word(FirstChunk + 8) = 64 | Used;
        Word(FirstChunk + 64 + 8) = 4096 | Used;

        Assert.Equal(
            [
                new MallocChunk(Heap, FirstChunk - Heap, ChunkState.Bookkeeping),
                new MallocChunk(FirstChunk, 64, ChunkState.InUse),
                new MallocChunk(FirstChunk + 64, 4096, ChunkState.Top),
            ],
            Run().Chunks);
    }

    /// <summary>Each would be followed a million times, and each of twenty thousand is looked at.</summary>
    [Fact]
    public void Lists_of_free_chunks_that_lead_back_are_followed_once()
    {
        const int caches = 20_000;
        const ulong entries = 16 + 128;
        const ulong block = FirstChunk + 16;
        WriteArenas(top: FirstChunk + 32 + (caches * CacheBytes));
        Word(FirstChunk + 8) = 32 | Used;
        Word(block) = block;
        for (var i = 0UL; i < caches; i++)
        {
            var chunk = FirstChunk + 32 + (i * CacheBytes);
            Word(chunk + 8) = CacheBytes | Used;
            Word(chunk + entries) = block;
        }
        Word(FirstChunk + 32 + (caches * CacheBytes) + 8) = 4096 | Used;

        var chunks = Run().Chunks;
        Assert.Equal(1 + 1 + caches + 1, chunks.Count);
        Assert.DoesNotContain(chunks, chunk => chunk.State == ChunkState.Cached);
    }

    [Fact]
    public void The_lists_of_a_thread_s_cache_are_free()
    {
        const ulong cache = FirstChunk + 64;
        WriteArenas(top: cache + CacheBytes);
        Word(FirstChunk + 8) = 32 | Used;
        Word(FirstChunk + 32 + 8) = 32 | Used;
        Word(cache + 8) = CacheBytes | Used;
        Word(cache + 16 + 128) = FirstChunk + 32 + 16;
        Word(FirstChunk + 32 + 16) = FirstChunk + 16;
        Word(cache + CacheBytes + 8) = 4096 | Used;

        Assert.Equal(
            [ChunkState.Bookkeeping, ChunkState.Cached, ChunkState.Cached, ChunkState.InUse, ChunkState.Top],
            Run().Chunks.Select(chunk => chunk.State));
    }

    private ref ulong Word(ulong address) => ref *(ulong*)_memory.Translate(address, 8);

    /// <summary>The main one, of which there is no heap, and one of a thread.</summary>
    private void WriteArenas(ulong top)
    {
        WriteArena(Main, Heap, Arena);
        WriteArena(Arena, top, Main);
        (Word(Heap), Word(Heap + 16)) = (Arena, HeapBytes);
    }

    private void WriteArena(ulong arena, ulong top, ulong next)
    {
        const ulong topOffset = 96;
        const ulong binsOffset = 112;
        const ulong nextOffset = 2160;
        Word(arena + topOffset) = top;
        for (var bin = arena + binsOffset; bin < arena + nextOffset - 16; bin += 16)
            Word(bin) = Word(bin + 8) = bin - 16;
        Word(arena + nextOffset) = next;
    }

    private MallocMap Run() => MallocWalk.Run(
        _memory,
        [Region(Main, 4096, RegionKind.File, isImage: true), Region(Heap, HeapBytes, RegionKind.Anonymous, isImage: false)],
        [],
        TestContext.Current.CancellationToken);

    private static MemoryRegion Region(ulong low, ulong bytes, RegionKind kind, bool isImage) => new(
        new TargetAddress(low), new TargetAddress(low + bytes), kind, MappingAccess.Read | MappingAccess.Write, "", [new PageRun(low, low + bytes)], isImage, IsCopied: true);
}
