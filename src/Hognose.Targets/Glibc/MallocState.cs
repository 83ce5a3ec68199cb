using Hognose.Targets.Memory;

namespace Hognose.Targets.Glibc;

/// <summary>
/// <c>struct malloc_state</c> on x86-64 (malloc/malloc.c), and the words of the target. It has no symbol of its own in a stripped library; an
/// arena is known by its bins, which are circular lists that begin and end in itself. That also tells which glibc it is.
/// </summary>
internal sealed unsafe class MallocState(FrozenMemory memory)
{
    private const int Bins = 127;

    /// <summary>With fastbins from glibc 2.26 on; without them since 2.43.</summary>
    private static readonly Shape[] Shapes = [new Shape(10, 96), new Shape(0, 8)];

    private const int FastBinsOffset = 16;
    private const int MostArenas = 4096;

    private Shape _shape = Shapes[0];

    /// <summary>Bytes of an arena's head.</summary>
    public int Size => _shape.Size;

    public int FastBins => _shape.FastBins;

    public ulong Word(ulong address)
    {
        var at = memory.Translate(address, 8);
        return at == null ? 0 : *(ulong*)at;
    }

    public ulong TopOf(ulong arena) => Word(arena + (ulong)_shape.Top);

    public ulong SystemOf(ulong arena) => Word(arena + (ulong)_shape.System);

    public ulong FastBin(ulong arena, int index) => Word(arena + FastBinsOffset + (ulong)index * 8);

    /// <summary>A bin's address as a chunk: its links stand where a chunk has its own.</summary>
    private ulong BinOf(ulong arena, int index) => arena + (ulong)_shape.Bins + (ulong)index * 16 - MallocChunk.HeaderBytes;

    /// <summary>0 when there is none within the range.</summary>
    public ulong FindMain(ulong low, ulong high)
    {
        foreach (var shape in Shapes)
        {
            _shape = shape;
            for (var at = low; at + (ulong)Size <= high; at += 8)
                if (IsArena(at) && Arenas(at).Count > 0)
                    return at;
        }
        return 0;
    }

    /// <summary>The ring of arenas, beginning with the main one; empty when it is no ring.</summary>
    public List<ulong> Arenas(ulong main)
    {
        var arenas = new List<ulong>();
        for (var arena = main; arenas.Count < MostArenas; arena = Word(arena + (ulong)_shape.Next))
        {
            if (arena == main && arenas.Count > 0)
                return arenas;
            if (arena == 0 || arenas.Count > 0 && !IsArena(arena))
                return [];
            arenas.Add(arena);
        }
        return [];
    }

    private bool IsArena(ulong arena)
    {
        if (memory.Translate(arena, (ulong)Size) == null || TopOf(arena) is 0 || (TopOf(arena) & 15) != 0 || SystemOf(arena) % 4096 != 0)
            return false;
        for (var i = 0; i < Bins; i++)
        {
            var bin = BinOf(arena, i);
            ulong forward = Word(bin + 16), back = Word(bin + 24);
            // An empty list leads to itself, so this holds for it, too.
            if (forward == 0 || back == 0 || Word(forward + 24) != bin || Word(back + 16) != bin)
                return false;
        }
        return true;
    }

    /// <summary>Where the fields stand: top and last_remainder, the bins, a map of 16 bytes, next, next_free, attached_threads, system_mem, max_system_mem.</summary>
    private readonly record struct Shape(int FastBins, int Top)
    {
        public int Bins => Top + 16;

        public int Next => Bins + MallocState.Bins * 16 + 16;

        public int System => Next + 24;

        public int Size => Next + 40;
    }
}
