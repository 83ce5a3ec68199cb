using System.Globalization;
using System.Text;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Cycles;

/// <summary>A way round a cycle as a Python developer would write it: <c>Node.parent → Tree.children → list[3] → Node</c>.</summary>
public sealed class CycleWords(HeldHeap heap)
{
    private const int LongestRound = 12;

    /// <summary>
    /// The same cycle reads the same wherever its objects stand in memory: of all places to begin with, an object of the program's own class rather than
    /// a list or a dict, the one whose text comes first.
    /// </summary>
    public string OfAnyStart(IReadOnlyList<int> round)
    {
        if (round.Count > LongestRound)
            return Of(round);
        var starts = Enumerable.Range(0, round.Count).ToList();
        var own = starts.FindAll(i => heap.Graph.TypeOf(new NodeId(round[i])).Module is not ("" or "builtins"));
        return (own.Count > 0 ? own : starts).Select(i => Of([.. round.Skip(i), .. round.Take(i)])).Min(StringComparer.Ordinal)!;
    }

    /// <param name="round">The objects in order; the last refers to the first.</param>
    public string Of(IReadOnlyList<int> round)
    {
        var text = new StringBuilder();
        var told = 0;
        for (var i = 0; i < round.Count; i++)
        {
            if (++told > LongestRound)
            {
                text.Append(CultureInfo.InvariantCulture, $"… {round.Count - i} more → ");
                break;
            }
            var name = heap.Names.Between(new NodeId(round[i]), Next(i));
            text.Append(TypeOf(round[i]));
            // The dict of an instance is no stop of its own, unless the round ends in it.
            if (name.Kind == ReferenceKind.Namespace && i + 1 < round.Count)
                name = heap.Names.Between(new NodeId(round[++i]), Next(i)) is { Kind: ReferenceKind.Value } value
                    ? new ReferenceName(ReferenceKind.Attribute, value.Text)
                    : new ReferenceName(ReferenceKind.Attribute, "__dict__");
            text.Append(Step(name)).Append(" → ");
        }
        return text.Append(TypeOf(round[0])).ToString();

        NodeId Next(int i) => new(round[(i + 1) % round.Count]);
    }

    private string TypeOf(int node)
    {
        var own = heap.Names.OwnNameOf(new NodeId(node));
        var type = heap.Graph.TypeOf(new NodeId(node)).QualifiedName;
        return own.Length == 0 ? type : $"{type} {own}";
    }

    private static string Step(ReferenceName name) => name.Kind switch
    {
        ReferenceKind.Attribute => "." + name.Text,
        ReferenceKind.Item => string.Create(CultureInfo.InvariantCulture, $"[{name.Index}]"),
        ReferenceKind.Value => "[…]",
        ReferenceKind.Key => " (a key)",
        ReferenceKind.Member => " (a member)",
        ReferenceKind.Local => $" (local {name.Text})",
        ReferenceKind.Namespace => ".__dict__",
        _ => "",
    };
}
