using Hognose.Formats.Alloc;
using Hognose.Heap;

namespace Hognose.Insights.Births;

/// <summary>What the blocks that each stack left behind are: objects by type, with what they store outside of themselves, and memory that is none.</summary>
public static class SurvivorTypes
{
    /// <param name="graph">The heap at the moment that the blocks lived.</param>
    /// <param name="live">All blocks.</param>
    /// <param name="blockOfNode">As <see cref="BirthStacks.Of"/> has it.</param>
    /// <param name="typeOfStorage">By block: the type of the object whose items, keys or buffer it is; −1: of none. The list may have been made elsewhere.</param>
    /// <param name="standsFor">How many blocks of its kind one stands for: 1 unless blocks are samples.</param>
    public static IReadOnlyList<SurvivingType> Of(HeapGraph graph, IReadOnlyList<Survivor> live, int[] blockOfNode, int[] typeOfStorage, Func<Survivor, double> standsFor)
    {
        var typeOfBlock = new int[live.Count];
        Array.Fill(typeOfBlock, -1);
        for (var node = 0; node < blockOfNode.Length; node++)
            if (blockOfNode[node] >= 0)
                typeOfBlock[blockOfNode[node]] = graph.TypeIds[node];
        var sums = new Dictionary<(int Stack, int Type), (double Blocks, double Bytes)>();
        for (var block = 0; block < live.Count; block++)
        {
            var isStorage = typeOfBlock[block] < 0 && typeOfStorage[block] >= 0;
            var key = (live[block].Stack, isStorage ? typeOfStorage[block] : typeOfBlock[block]);
            var (blocks, bytes) = sums.GetValueOrDefault(key);
            var weight = standsFor(live[block]);
            sums[key] = (blocks + (isStorage ? 0 : weight), bytes + (weight * live[block].Size));
        }
        return
        [
            .. sums
                .Select(sum => new SurvivingType(sum.Key.Stack, NameOf(graph, sum.Key.Type), (long)Math.Round(sum.Value.Blocks), (long)Math.Round(sum.Value.Bytes)))
                .OrderBy(each => each.Stack).ThenByDescending(each => each.Bytes).ThenBy(each => each.Type, StringComparer.Ordinal),
        ];
    }

    private static string NameOf(HeapGraph graph, int type) => type < 0 ? "" : graph.Types[new TypeId(type)].QualifiedName;
}
