namespace Hognose.Heap.Matching;

/// <summary>
/// Which objects of two heaps of one process are the same: those at the same address with a type of the same name and address. An object that died and
/// whose place another of its type took is taken for the same, which nothing outside the process can tell apart.
/// </summary>
public static class SameObjects
{
    public const int None = -1;

    /// <summary>By node of <paramref name="later"/>: the node of <paramref name="earlier"/> that it was, or <see cref="None"/>.</summary>
    public static int[] Of(HeapGraph earlier, HeapGraph later)
    {
        var same = new int[later.NodeCount];
        var before = 0;
        for (var node = 0; node < same.Length; node++)
        {
            var address = later.Addresses[node];
            while (before < earlier.NodeCount && earlier.Addresses[before] < address)
                before++;
            var isThere = before < earlier.NodeCount && earlier.Addresses[before] == address
                && IsSameType(earlier.TypeOf(new NodeId(before)), later.TypeOf(new NodeId(node)));
            same[node] = isThere ? before : None;
        }
        return same;
    }

    private static bool IsSameType(HeapType one, HeapType other) => one.Address == other.Address && one.Name == other.Name && one.Module == other.Module;
}
