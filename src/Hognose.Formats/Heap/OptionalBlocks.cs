using Hognose.Columns;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap;

/// <summary>
/// What single questions need of a snapshot. When a block of it is damaged, that kind is given up as a whole and everything else is shown.
/// </summary>
internal sealed class OptionalBlocks
{
    private readonly HashSet<BlockType> _lost = [];

    public int[] EqualBefore { get; private set; } = [];

    public NumberColumn Unused { get; private set; } = [];

    public int ContentsRead { get; set; }

    public Dictionary<int, string> Values { get; } = [];

    public Dictionary<int, int> WeakTargets { get; } = [];

    public int LastWeak { get; set; } = -1;

    public Dictionary<int, HeapFilePlace> Suspended { get; } = [];

    public List<HeapFileThread> Threads { get; } = [];

    public List<HeapFileCollector> Collectors { get; } = [];

    public List<HeapFileMapping> Mappings { get; } = [];

    public List<HeapFilePart> Parts { get; } = [];

    public List<HeapFileArena> Arenas { get; } = [];

    public List<HeapFileSizeClass> Classes { get; } = [];

    public List<HeapFileMallocArena> MallocArenas { get; } = [];

    public HeapFilePoolTotals? Pools { get; set; }

    public HeapFileMallocTotals? Malloc { get; set; }

    /// <summary>Blocks that were damaged.</summary>
    public int LostBlocks { get; private set; }

    public static bool Holds(BlockType type) =>
        type is BlockType.Contents or BlockType.Threads or BlockType.Collectors or BlockType.Mappings or BlockType.Resident or BlockType.Pools
            or BlockType.WeakTargets or BlockType.Suspended or BlockType.Values;

    public bool IsLost(BlockType type) => _lost.Contains(type);

    public void Lose(BlockType type)
    {
        _lost.Add(type);
        LostBlocks++;
    }

    public void MakeRoomForContents(int nodes)
    {
        if (EqualBefore.Length == nodes)
            return;
        EqualBefore = new int[nodes];
        Unused = new NumberColumn(nodes);
    }

    /// <summary>Whether all of the column is there.</summary>
    public bool HasContents(int nodes) => !IsLost(BlockType.Contents) && ContentsRead == nodes && nodes > 0;

    /// <summary>Null when it is not there, or not all of it.</summary>
    public HeapFileResident? ToResident() =>
        IsLost(BlockType.Mappings) || IsLost(BlockType.Resident) || IsLost(BlockType.Pools) || Pools is not { } pools || Malloc is not { } malloc
            ? null
            : new HeapFileResident
            {
                Mappings = Mappings,
                Parts = Parts,
                Arenas = Arenas,
                Classes = Classes,
                MallocArenas = MallocArenas,
                Pools = pools,
                Malloc = malloc,
            };
}
