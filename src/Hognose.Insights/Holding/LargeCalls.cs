using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Heap.Retention;

namespace Hognose.Insights.Holding;

/// <summary>A function of which several calls are under way (in threads, or one within another), and what their variables keep alive together.</summary>
/// <param name="Calls">As many as hold an object of their own in one variable.</param>
/// <param name="Retained">Bytes, at least: what only several of the variables hold together is left out, and so is what an object refers to as well.</param>
/// <param name="Type">Of the objects in the variable that retains the most.</param>
/// <param name="Example">The one of them that retains the most.</param>
/// <param name="HeldBy">The way to all of them.</param>
public sealed record LargeCalls(string Function, long Calls, long Retained, string Type, SeenObject Example, string HeldBy)
{
    private const int LongestClimb = 64;

    internal IReadOnlyList<int> Nodes { get; private init; } = [];

    /// <summary>The most retained bytes first.</summary>
    /// <param name="least">Bytes; what retains less is left out.</param>
    public static IReadOnlyList<LargeCalls> Of(HeldHeap heap, PathWords words, long least)
    {
        // What all calls of a function share (self, a queue) is not a matter of how many there are.
        var several = heap.CallVariables.All.Where(calls => calls.Count > 1).ToList();
        if (several.Count == 0)
            return [];
        var own = HeldByCallsAlone(heap, several.SelectMany(calls => calls));
        var functions = several.Select(calls => calls.Where(call => own[call.Node]).ToList()).Where(calls => calls.Count > 1)
            .GroupBy(calls => (calls[0].File, calls[0].Function)).Select(variables => variables.ToList()).ToList();
        var groupOf = new int[heap.Graph.NodeCount];
        Array.Fill(groupOf, GroupRetention.None);
        for (var i = 0; i < functions.Count; i++)
            foreach (var call in functions[i].SelectMany(calls => calls))
                groupOf[call.Node] = i;
        var retained = GroupRetention.AtLeast(heap.Dominators, groupOf, functions.Count);
        return [.. functions.Select((variables, i) => (Variables: variables, Retained: retained[i])).Where(each => each.Retained >= least && each.Retained > 0)
            .OrderByDescending(each => each.Retained).ThenBy(each => each.Variables[0][0].Function, StringComparer.Ordinal)
            .Select(each => Told(heap, words, each.Variables, each.Retained))];
    }

    private static LargeCalls Told(HeldHeap heap, PathWords words, List<List<Holder>> variables, long retained)
    {
        var largest = variables.MaxBy(calls => calls.Sum(call => heap.Dominators.RetainedBy(new NodeId(call.Node))))!;
        var example = new NodeId(largest.MaxBy(call => heap.Dominators.RetainedBy(new NodeId(call.Node)))!.Node);
        return new LargeCalls(
            largest[0].Function, variables.Max(calls => calls.Count), retained, heap.Graph.TypeOf(example).QualifiedName, SeenObject.Of(heap, example),
            heap.CallVariables.WordsOfAll(largest[0]))
        {
            Nodes = [.. variables.SelectMany(calls => calls).Select(call => call.Node)],
        };
    }

    /// <summary>Of what variables hold, that to which no object leads but frames and what it holds itself: it goes when the call ends.</summary>
    private static bool[] HeldByCallsAlone(HeldHeap heap, IEnumerable<Holder> calls)
    {
        var graph = heap.Graph;
        var isFrame = graph.Types.All.Select(type => type.QualifiedName == "frame").ToArray();
        var own = new bool[graph.NodeCount];
        foreach (var call in calls)
            own[call.Node] = heap.Dominators.IsReached(new NodeId(call.Node));
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (isFrame[graph.TypeIds[node]] || !heap.Dominators.IsReached(new NodeId(node)))
                continue;
            foreach (var edge in graph.EdgesOf(new NodeId(node)))
                if (HeapGraph.TargetOf(edge).Value is var target && own[target] && HeapGraph.KindOf(edge) != EdgeKind.GcOnly && !LiesWithin(heap, node, target))
                    own[target] = false;
        }
        return own;
    }

    private static bool LiesWithin(HeldHeap heap, int node, int other)
    {
        for (var climbed = 0; node >= 0 && climbed < LongestClimb; climbed++)
        {
            if (node == other)
                return true;
            node = heap.Dominators.DominatorOf(new NodeId(node));
        }
        return false;
    }
}
