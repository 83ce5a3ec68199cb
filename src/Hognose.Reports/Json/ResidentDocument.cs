namespace Hognose.Reports.Json;

/// <summary>What <c>rss --json</c> prints; docs/formats/rss-json.md explains each name.</summary>
public sealed record ResidentDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    VerdictDocument Verdict,
    ResidentTotalsDocument Totals,
    IReadOnlyList<ResidentPartDocument> Parts,
    IReadOnlyList<ResidentMappingDocument> Mappings,
    PymallocDocument Pymalloc,
    MallocDocument Malloc,
    PinnedArenasDocument NearlyEmptyArenas,
    IReadOnlyList<TroubleDocument> Trouble);

public sealed record VerdictDocument(string Kind, long Bytes, double ShareOfOwnMemory, long ReturnsBytes, string Who, string Sentence, string Remedy);

public sealed record ResidentTotalsDocument(
    long ResidentBytes, long ExplainedBytes, double ExplainedShare, long AdjustedBytes, long SharedAfterForkBytes, long GarbageObjects, long GarbageBytes);

public sealed record ResidentPartDocument(string Kind, string Name, long ResidentBytes, long Count);

public sealed record ResidentMappingDocument(
    string Path, long Mappings, long ResidentBytes, long ProportionalBytes, long SharedBytes, long PrivateBytes, long AnonymousBytes, long SwappedBytes);

public sealed record PymallocDocument(
    int Arenas, long ArenaBytes, int PoolSize, long Pools, long FreePools, long UsedBlocks, long UsedBytes, long FreeBytes, long HeaderBytes, long TailBytes, long AlignmentBytes,
    IReadOnlyList<SizeClassDocument> Classes);

public sealed record SizeClassDocument(int BlockSize, long Pools, long UsedBlocks, long FreeBlocks);

public sealed record MallocDocument(long MappedBlocks, long MappedBytes, long TrimmableBytes, IReadOnlyList<MallocArenaDocument> Arenas);

public sealed record MallocArenaDocument(bool IsMain, long SystemBytes, long FreeBytes, long FastbinBytes, long ThreadCacheBytes, long TopBytes);

public sealed record PinnedArenasDocument(int Arenas, long ResidentBytes, long UsedBytes, long Objects, bool IsSampled, IReadOnlyList<PinningObjectsDocument> By);

public sealed record PinningObjectsDocument(string Type, string HeldBy, long Objects, long Bytes, int Arenas);
