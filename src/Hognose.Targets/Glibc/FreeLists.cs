namespace Hognose.Targets.Glibc;

/// <summary>
/// Free chunks that look used where they stand: those in fastbins, and those in the caches of threads. A cache is a block of its thread's arena
/// (<c>struct tcache_perthread_struct</c>) whose lists lead to blocks of one size each; that is how it is known without a symbol.
/// </summary>
/// <param name="state">Of the copy.</param>
/// <param name="mostSteps">From one chunk of a list to the next, in all that is taken for a list: none of them is in two.</param>
internal sealed class FreeLists(MallocState state, long mostSteps)
{
    private const int Smallest = 32;

    // Lists of 64 sizes behind 64 counts of one byte (glibc 2.26), of two bytes (2.30), of 76 with large ones (2.42).
    private static readonly (ulong Chunk, ulong Entries, int Lists)[] Shapes = [(0x250, 64, 64), (0x290, 128, 64), (0x300, 152, 76)];

    private long _stepsLeft = mostSteps;

    public HashSet<ulong> Fast { get; } = [];

    public HashSet<ulong> Cached { get; } = [];

    public void ReadFastBins(ulong arena)
    {
        for (var i = 0; i < state.FastBins; i++)
        {
            var chunk = state.FastBin(arena, i);
            while (IsChunk(chunk) && _stepsLeft-- > 0 && Fast.Add(chunk))
                chunk = NextOf(chunk + 16, isBlock: false);
        }
    }

    /// <summary>Looks at a used chunk; if it is a thread's cache, its lists are gone through.</summary>
    public void LookForCache(in MallocChunk chunk)
    {
        foreach (var (bytes, entries, lists) in Shapes)
            if (chunk.Bytes == bytes)
                ReadCache(chunk.Address + MallocChunk.HeaderBytes + entries, lists);
    }

    private void ReadCache(ulong entries, int lists)
    {
        var found = new HashSet<ulong>();
        for (var i = 0; i < lists; i++)
        {
            var block = state.Word(entries + (ulong)i * 8);
            while (block != 0)
            {
                var chunk = block - MallocChunk.HeaderBytes;
                if ((block & 15) != 0 || !HasSize(chunk, i) || _stepsLeft-- <= 0 || !found.Add(chunk))
                    return;
                block = NextOf(block, isBlock: true);
            }
        }
        Cached.UnionWith(found);
    }

    private bool HasSize(ulong chunk, int list)
    {
        var size = state.Word(chunk + 8) & ~7ul;
        return list < 64 ? size == (ulong)(Smallest + list * 16) : size >= 1024;
    }

    private bool IsChunk(ulong chunk) => chunk != 0 && (chunk & 15) == 0 && (state.Word(chunk + 8) & ~7ul) >= Smallest;

    /// <summary>From glibc 2.32 on a link is mixed with the page it stands in (PROTECT_PTR); an unmixed one is aligned, a mixed one only by chance.</summary>
    private ulong NextOf(ulong link, bool isBlock)
    {
        var stored = state.Word(link);
        var mixed = stored ^ (link >> 12);
        return mixed == 0 || stored != 0 && IsLinkTarget(mixed, isBlock) ? mixed : stored;
    }

    private bool IsLinkTarget(ulong address, bool isBlock) =>
        (address & 15) == 0 && (state.Word((isBlock ? address - MallocChunk.HeaderBytes : address) + 8) & ~7ul) >= Smallest;
}
