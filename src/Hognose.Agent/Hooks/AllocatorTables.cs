using System.Runtime.CompilerServices;

namespace Hognose.Agent.Hooks;

/// <summary>
/// pymalloc's own tables (Objects/obmalloc.c: the array of arenas by realloc, nodes of the radix tree by calloc), which it takes from the raw domain within
/// the call that happens to need them: they are part of that call and make no event. From 3.14 on an interpreter that ends gives them back outside of any
/// call (<c>free_obmalloc_arenas</c>), and then it must be known what they were.
/// </summary>
internal unsafe struct AllocatorTables
{
    /// <summary>Three an interpreter, and a node more for every 4 GiB of address space. When more are there, the oldest are forgotten, and their frees count as unknown.</summary>
    private const int Most = 64;

    private fixed long _tables[Most];
    private int _count;

    /// <summary>Whether a call in the raw domain, within another, is for such a table and not for the block that the other was asked for.</summary>
    /// <param name="outer">Its mark holds the block that it frees or moves, or the size that it was asked for.</param>
    /// <param name="moved">null: calloc.</param>
    public static bool IsFor(NestingMark* outer, byte* moved) =>
        (nuint)outer->Block is > NestingMark.LargestSize or <= NestingMark.LargestSmall && (moved == null || moved != outer->Block);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Note(AllocatorTables* tables, byte* former, byte* table)
    {
        if (table == null)
            return;
        var place = former == null ? -1 : Find(tables, former);
        // Two interpreters with a GIL each may come at once.
        if (place < 0)
            place = (Interlocked.Increment(ref tables->_count) - 1) & (Most - 1);
        Volatile.Write(ref tables->_tables[place], (long)table);
    }

    /// <summary>Forgets it; false: it is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Remove(AllocatorTables* tables, byte* block)
    {
        var place = Find(tables, block);
        if (place >= 0)
            Volatile.Write(ref tables->_tables[place], 0);
        return place >= 0;
    }

    private static int Find(AllocatorTables* tables, byte* block)
    {
        var used = Math.Min((uint)tables->_count, Most);
        for (var place = 0; place < used; place++)
            if (tables->_tables[place] == (long)block)
                return place;
        return -1;
    }
}
