using System.Text;
using Hognose.Heap;

namespace Hognose.CPython.Tests.Truth;

internal enum Difference
{
    /// <summary>An object of the truth that we did not find.</summary>
    Missing,
    Type,
    Size,

    /// <summary>Not tracked by our account, or the other way round.</summary>
    Tracking,

    /// <summary>A referent that we did not report.</summary>
    LackingReferent,

    /// <summary>A referent that we report as visited and the collector does not; what a conservative scan finds besides is no error.</summary>
    SurplusReferent,
}

/// <summary>Object by object: our graph against the truth.</summary>
internal sealed class TruthComparison
{
    private readonly WalkedProgram _program;
    private readonly Dictionary<(Difference, string Type), List<string>> _found = [];

    public TruthComparison(WalkedProgram program)
    {
        _program = program;
        foreach (var truth in program.Truth.Objects.Values)
            Compare(truth);
    }

    /// <summary>Each kind of difference and the type it befell, with one line an object.</summary>
    public IReadOnlyDictionary<(Difference What, string Type), List<string>> Found => _found;

    /// <summary>Edges that a conservative scan found and the collector does not visit.</summary>
    public int ConservativeSurplus { get; private set; }

    public string Describe(IEnumerable<(Difference What, string Type)> which)
    {
        var text = new StringBuilder();
        foreach (var key in which)
        {
            text.Append($"{key.What} {key.Type}: {_found[key].Count}\n");
            foreach (var example in _found[key].Take(3))
                text.Append("    ").Append(example).Append('\n');
        }
        return text.ToString();
    }

    private void Compare(TrueObject truth)
    {
        var graph = _program.Walk.Graph;
        var name = _program.Truth.NameOf(truth.Type);
        if (!graph.TryFind(truth.Address, out var node))
        {
            Note(Difference.Missing, name, $"0x{truth.Address:x} size {truth.Size}, held by {Referrers(truth.Address)}");
            return;
        }
        var type = graph.TypeOf(node);
        if (type.Address != truth.Type)
            Note(Difference.Type, name, $"0x{truth.Address:x} is {type}");
        if (truth.Size >= 0 && graph.Sizes[node.Value] != truth.Size && !IsCountedByItsOwner(truth, graph.Sizes[node.Value]))
            Note(Difference.Size, name, $"0x{truth.Address:x} is {truth.Size}, not {graph.Sizes[node.Value]}");
        if (((graph.Flags[node.Value] & NodeFlags.Tracked) != 0) != truth.IsTracked)
            Note(Difference.Tracking, name, $"0x{truth.Address:x} is {(truth.IsTracked ? "tracked" : "not tracked")}");
        CompareReferents(truth, name, node);
    }

    /// <summary>A buffer that a BytesIO's own size has, too: the collector tells of it from 3.12 on, and it counts once.</summary>
    private bool IsCountedByItsOwner(TrueObject truth, long size) => size == 0 && _program.Truth.NameOf(truth.Type) == "builtins.bytes"
        && _program.Truth.Objects.Values.Any(owner => _program.Truth.NameOf(owner.Type) == "_io.BytesIO" && owner.Size > truth.Size && owner.Referents.Contains(truth.Address));

    private void CompareReferents(TrueObject truth, string name, NodeId node)
    {
        var graph = _program.Walk.Graph;
        var left = new Dictionary<ulong, int>();
        foreach (var referent in truth.Referents)
            left[referent] = left.GetValueOrDefault(referent) + 1;
        var surplus = new List<ulong>();
        // Certain edges first, so that a conservative duplicate is the one in surplus.
        foreach (var edge in graph.EdgesOf(node).ToArray().OrderBy(edge => HeapGraph.KindOf(edge) == EdgeKind.Cons))
        {
            var kind = HeapGraph.KindOf(edge);
            var target = graph.Addresses[HeapGraph.TargetOf(edge).Value];
            if (kind == EdgeKind.Extra)
                continue;
            if (left.GetValueOrDefault(target) > 0)
                left[target]--;
            else if (kind == EdgeKind.Cons)
                ConservativeSurplus++;
            else
                surplus.Add(target);
        }
        var lacking = left.Where(pair => pair.Value > 0).ToList();
        if (lacking.Count > 0)
            Note(Difference.LackingReferent, name, Words(truth, lacking.Select(pair => pair.Key)));
        if (surplus.Count > 0)
            Note(Difference.SurplusReferent, name, Words(truth, surplus));
    }

    private string Words(TrueObject truth, IEnumerable<ulong> referents) =>
        $"0x{truth.Address:x} -> " + string.Join(", ", referents.Take(4).Select(referent => $"0x{referent:x} {NameOfObject(referent)}"));

    private string Referrers(ulong address) => string.Join(", ", _program.Truth.Objects.Values
        .Where(one => one.Referents.Contains(address)).Take(4).Select(one => $"0x{one.Address:x} {_program.Truth.NameOf(one.Type)}"));

    private string NameOfObject(ulong address) =>
        _program.Walk.Graph.TryFind(address, out var node) ? _program.Walk.Graph.TypeOf(node).ToString()
        : _program.Truth.Objects.TryGetValue(address, out var truth) ? _program.Truth.NameOf(truth.Type)
        : "?";

    private void Note(Difference what, string type, string detail)
    {
        if (!_found.TryGetValue((what, type), out var list))
            _found.Add((what, type), list = []);
        list.Add(detail);
    }
}
