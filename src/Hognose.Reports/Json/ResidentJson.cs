using System.Text.Json;
using System.Text.Json.Serialization;
using Hognose.Diagnostics;
using Hognose.Heap.Resident;
using Hognose.Insights.Heaps;
using Hognose.Insights.Resident;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Json;

/// <summary>The account of resident memory as JSON.</summary>
public static class ResidentJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    private const int ShareDigits = 6;

    private static readonly ResidentJsonContext Context = new(new JsonSerializerOptions(HeapJson.Context.Options) { TypeInfoResolver = null });

    public static void Write(TextWriter output, HeapFacts facts, ResidentAnswer answer, DiagnosticBag trouble)
    {
        output.Write(JsonSerializer.Serialize(DocumentOf(facts, answer, trouble), Context.ResidentDocument));
        output.Write('\n');
    }

    private static ResidentDocument DocumentOf(HeapFacts facts, ResidentAnswer answer, DiagnosticBag trouble)
    {
        var memory = answer.Memory;
        return new ResidentDocument(
            Schema,
            HeapJson.ProcessOf(facts),
            HeapJson.PauseOf(facts),
            VerdictOf(answer),
            new ResidentTotalsDocument(
                memory.Resident, answer.Explained, Math.Round(answer.ShareOf(answer.Explained), ShareDigits), memory.Adjusted, answer.SharedAfterFork,
                answer.Biggest.GarbageObjects, answer.Biggest.GarbageBytes),
            [.. memory.Parts.Select(part => new ResidentPartDocument(NameOf(part.Kind), part.Name, part.Bytes, part.Count))],
            [.. memory.Mappings.Select(mapping => new ResidentMappingDocument(
                mapping.Path, mapping.Mappings, mapping.Resident, mapping.Proportional, mapping.Shared, mapping.Private, mapping.Anonymous, mapping.Swapped))],
            PoolsOf(memory.Pools),
            new MallocDocument(memory.Malloc.MappedBlocks, memory.Malloc.MappedBytes, memory.Malloc.Trimmable, [.. memory.Malloc.Arenas.Select(arena =>
                new MallocArenaDocument(arena.IsMain, arena.System, arena.Free, arena.Fast, arena.Cached, arena.Top))]),
            PinnedOf(answer.Pinned),
            HeapJson.TroubleOf(trouble));
    }

    private static VerdictDocument VerdictOf(ResidentAnswer answer)
    {
        var verdict = answer.Verdict;
        return new VerdictDocument(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.Kind.ToString()), verdict.Bytes, Math.Round(verdict.Share, ShareDigits), verdict.Returns, verdict.Who,
            VerdictWords.Sentence(answer), VerdictWords.Remedy(answer));
    }

    private static PymallocDocument PoolsOf(PoolUse pools) => new(
        pools.Arenas.Count, pools.ArenaBytes, pools.PoolSize, pools.Pools, pools.FreePools, pools.UsedBlocks, pools.UsedBytes, pools.FreeBytes,
        pools.HeaderBytes, pools.TailBytes, pools.AlignmentBytes,
        [.. pools.Classes.Select(each => new SizeClassDocument(each.BlockSize, each.Pools, each.UsedBlocks, each.FreeBlocks))]);

    private static PinnedArenasDocument PinnedOf(PinnedArenas pinned) => new(
        pinned.Arenas, pinned.Resident, pinned.UsedBytes, pinned.Objects, pinned.IsSampled,
        [.. pinned.By.Select(each => new PinningObjectsDocument(each.Type, each.HeldBy, each.Objects, each.Bytes, each.Arenas))]);

    private static string NameOf(ResidentKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}

[JsonSerializable(typeof(ResidentDocument))]
internal sealed partial class ResidentJsonContext : JsonSerializerContext;
