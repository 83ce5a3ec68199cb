using Hognose.CPython.Layouts;
using Hognose.Heap;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Resident;

/// <summary>Which of a program's blocks are storage of objects (items of a list, keys of a dict, a buffer), told as <see cref="BlockOwners"/> tells it of a whole process.</summary>
public static class StorageOwners
{
    private const int None = -1;
    private const ulong Alignment = 16;

    /// <param name="memory">The frozen target.</param>
    /// <param name="layout">Of its version.</param>
    /// <param name="graph">Its objects.</param>
    /// <param name="blocks">That lived then, ascending by address; they may be some of many.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>By block: the type of the object whose storage it is; −1 where it is an object itself, or none is known.</returns>
    public static int[] Of(FrozenMemory memory, CPythonLayout layout, HeapGraph graph, IReadOnlyList<(ulong Address, long Bytes)> blocks, CancellationToken cancellation)
    {
        var map = new BlockMap();
        var indices = new List<int>();
        var free = 0ul;
        for (var i = 0; i < blocks.Count; i++)
        {
            var (address, bytes) = blocks[i];
            var next = i + 1 < blocks.Count ? blocks[i + 1].Address : ulong.MaxValue;
            // A mapping may have been told around other blocks: up to the first of them it is its own.
            var length = Math.Min(((ulong)Math.Max(1, bytes) + Alignment - 1) & ~(Alignment - 1), next - address & ~(Alignment - 1));
            if (address < free || next <= address || length == 0)
                continue;
            map.Add(address, length);
            indices.Add(i);
            free = address + length;
        }
        map.Complete();
        var owners = new BlockOwners(memory, layout, graph, map);
        owners.FindObjects(cancellation);
        var types = new int[blocks.Count];
        Array.Fill(types, None);
        for (var block = 0; block < map.Count; block++)
            types[indices[block]] = owners.TypeOfStorage(map.OwnerOf(block)) ?? None;
        return types;
    }
}
