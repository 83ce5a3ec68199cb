using System.Globalization;
using System.Text;
using Hognose.Heap;
using Hognose.Heap.Naming;

namespace Hognose.Insights.Holding;

/// <summary>
/// A way to an object as a Python developer would write it: <c>module app._CACHE[…].session[17]</c>. Keys of dicts are contents and are left out unless
/// they are asked for; names of attributes, variables and modules are names.
/// </summary>
/// <param name="heap">The heap that paths lead through.</param>
/// <param name="showsKeys">Whether text keys of dicts are written out.</param>
public sealed class PathWords(HeldHeap heap, bool showsKeys)
{
    private const int LongestKey = 40;
    private const int Repeats = 3;

    /// <summary>Of a longer way (a linked list) the beginning is told.</summary>
    private const int LongestMerged = 64;

    /// <summary>Whether contents of the program are written out.</summary>
    public bool ShowsContents => showsKeys;

    /// <summary>A shortest way to an object.</summary>
    /// <param name="isShape">The way stands for many: places and keys are left out.</param>
    public string To(NodeId node, bool isShape)
    {
        var path = heap.Paths.To(node);
        return path.Length == 0 ? Garbage(node) : Of(path, isShape);
    }

    /// <param name="path">From what a root holds to the object; not empty.</param>
    /// <param name="isShape">The way stands for many: places and keys are left out.</param>
    public string Of(IReadOnlyList<NodeId> path, bool isShape) =>
        (isShape && heap.HolderOf(path[0]).Kind == HolderKind.Local ? Start(path[0]).Alike : Start(path[0]).Text) + Joined([.. Steps(path, isShape).Select(step => step.Text)], isShape);

    /// <summary>The way to several objects that are held alike: where the ways differ, it says so.</summary>
    public string ToAll(IReadOnlyList<NodeId> nodes)
    {
        if (nodes.Count == 1)
            return To(nodes[0], isShape: true);
        List<NodeId[]> paths = [.. nodes.Select(node => heap.Paths.To(node)).Where(path => path.Length > 0).Select(path => path.Length > LongestMerged ? path[..LongestMerged] : path)];
        return paths.Count == 0
            ? Garbage(nodes[0])
            : StartOfAll(paths) + Joined(MergedSteps.Of([.. paths.Select(path => Steps(path, isShape: true))]), isShape: true);
    }

    private string StartOfAll(List<NodeId[]> paths)
    {
        List<Holder> holders = [.. paths.Select(path => heap.HolderOf(path[0]))];
        return holders[0].Kind == HolderKind.Local && holders.Exists(each => each.Thread != holders[0].Thread)
            ? heap.CallVariables.WordsOfAll(holders[0])
            : MergedSteps.One(paths.Select(path => Start(path[0])));
    }

    /// <summary>Of an object that nothing leads to, and what would free it.</summary>
    public string Garbage(NodeId node) => $"nothing: {heap.Unheld.WordsOf(node)}";

    /// <summary>How one object refers to another: <c>.rows</c>, <c>[17]</c>; "→" where Python code cannot write it, empty where it does not.</summary>
    public string Reference(NodeId from, NodeId to)
    {
        var refers = false;
        foreach (var edge in heap.Graph.EdgesOf(from))
            refers |= HeapGraph.TargetOf(edge) == to && HeapGraph.KindOf(edge) != EdgeKind.GcOnly;
        if (!refers)
            return "";
        var name = heap.Names.Between(from, to);
        return name.Kind switch
        {
            ReferenceKind.Unnamed => "→",
            ReferenceKind.Namespace => ".__dict__",
            ReferenceKind.Local => $"local '{name.Text}'",
            _ => Step(name, to, heap.IsNamespace(from), isShape: false).Text.Replace("→", "", StringComparison.Ordinal).Trim(),
        };
    }

    private WayStep Start(NodeId first)
    {
        var holder = heap.HolderOf(first);
        var type = heap.Graph.TypeOf(first).QualifiedName;
        var own = heap.Names.OwnNameOf(first);
        return holder.Kind switch
        {
            HolderKind.Module when holder.Interpreter > 0 => new WayStep(
                string.Create(CultureInfo.InvariantCulture, $"interpreter {holder.Interpreter} · module {holder.Name}"), $"module {holder.Name}"),
            HolderKind.Module => $"module {holder.Name}",
            HolderKind.Local => new WayStep(CallVariables.WordsOf(holder), heap.CallVariables.WordsOfAll(holder)),
            _ when heap.Tasks.IsTask(first) => heap.Tasks.WordsOf(first),
            HolderKind.Interpreter => Named("the interpreter: ", type, own),
            HolderKind.Static or HolderKind.Immortal => Named("built in: ", type, own),
            _ => Named("C code: ", type, own),
        };
    }

    private static WayStep Named(string before, string type, string own) => new(own.Length == 0 ? before + type : $"{before}{type} {own}", before + type);

    private WayStep Task(NodeId task)
    {
        var words = heap.Tasks.WordsOf(task);
        return new WayStep(" → " + words.Text, " → " + words.Alike);
    }

    private List<WayStep> Steps(IReadOnlyList<NodeId> path, bool isShape)
    {
        var steps = new List<WayStep>();
        var inNamespace = heap.IsModule(path[0]);
        for (var i = 1; i < path.Count; i++)
        {
            if (ClosureStep(path, i) is { } cell)
            {
                steps.Add(cell);
                i += 2;
                inNamespace = false;
                continue;
            }
            var name = heap.Names.Between(path[i - 1], path[i]);
            if (name.Kind == ReferenceKind.Local)
                steps.Add(LocalStep(name, path, i));
            else if (name.Kind != ReferenceKind.Namespace && !IsOwnFrame(name, path, i) && !IsWithinFunction(path, i))
                steps.Add(Step(name, path[i], inNamespace, isShape));
            if (heap.Tasks.IsTask(path[i]) && name.Kind != ReferenceKind.Unnamed)
                steps.Add(Task(path[i]));
            inNamespace = name.Kind == ReferenceKind.Namespace;
        }
        return steps;
    }

    /// <summary>Up to 3.10 a generator keeps its variables in a frame object of its own: one thing to whoever wrote it.</summary>
    private bool IsOwnFrame(ReferenceName name, IReadOnlyList<NodeId> path, int at) =>
        name.Text == "gi_frame" && at + 1 < path.Count && heap.Names.Between(path[at], path[at + 1]).Kind == ReferenceKind.Local;

    /// <summary>The generator or coroutine before a variable of its own is told with it, unless it has been told by another name.</summary>
    private bool IsWithinFunction(IReadOnlyList<NodeId> path, int at) =>
        LeadsToVariable(path, at) && (heap.Tasks.IsTask(path[at - 1]) || heap.Names.Between(path[at - 1], path[at]).Kind == ReferenceKind.Unnamed) && heap.Names.OwnNameOf(path[at]).Length > 0;

    private bool LeadsToVariable(IReadOnlyList<NodeId> path, int at) =>
        at + 1 < path.Count && heap.Names.Between(path[at], path[at + 1]) is var name && (name.Kind == ReferenceKind.Local || IsOwnFrame(name, path, at + 1));

    /// <summary>A variable of a generator or coroutine, with where that waits.</summary>
    private WayStep LocalStep(ReferenceName name, IReadOnlyList<NodeId> path, int at)
    {
        var function = path[at - 1];
        if (heap.Names.OwnNameOf(function).Length == 0 && at > 1)
            function = path[at - 2];
        var own = heap.Names.OwnNameOf(function);
        var place = heap.Names.SuspendedAt(function).ToString();
        var local = $" · local '{name.Text}'";
        return own.Length == 0 ? local : new WayStep($" → {own}(){(place.Length > 0 ? " " + place : "")}{local}", $" → {own}(){local}");
    }

    /// <summary>function → closure → cell → content is one thing to whoever wrote the function.</summary>
    private string? ClosureStep(IReadOnlyList<NodeId> path, int at)
    {
        if (at + 2 >= path.Count || heap.Names.Between(path[at - 1], path[at]) is not { Text: "__closure__" })
            return null;
        var item = heap.Names.Between(path[at], path[at + 1]);
        var variable = heap.Names.FreeVariableOf(path[at - 1], item.Index);
        if (heap.Names.Between(path[at + 1], path[at + 2]).Kind != ReferenceKind.Cell || variable.Length == 0)
            return null;
        return $" → closure of {heap.Names.OwnNameOf(path[at - 1])}() · cell '{variable}'";
    }

    private WayStep Step(ReferenceName name, NodeId to, bool inNamespace, bool isShape) => name.Kind switch
    {
        ReferenceKind.Attribute => "." + name.Text,
        ReferenceKind.Value when inNamespace => "." + name.Text,
        ReferenceKind.Value when isShape => "[…]",
        ReferenceKind.Value => showsKeys ? $"[{Quoted(name.Text)}]" : "[…]",
        ReferenceKind.Item => isShape ? "[i]" : string.Create(CultureInfo.InvariantCulture, $"[{name.Index}]"),
        ReferenceKind.Key => " → a key of it",
        ReferenceKind.Member => " → a member of it",
        ReferenceKind.Local => $" · local '{name.Text}'",
        ReferenceKind.Cell => " → cell",
        _ when heap.Tasks.IsTask(to) => Task(to),
        _ => Named(" → ", heap.Graph.TypeOf(to).QualifiedName, heap.Names.OwnNameOf(to)),
    };

    private static string Quoted(string key) => "'" + (key.Length > LongestKey ? key[..LongestKey] + "…" : key) + "'";

    /// <summary>A chain (<c>.next.next.next</c>) is told once, with its length.</summary>
    private static string Joined(List<string> steps, bool isShape)
    {
        var text = new StringBuilder();
        for (var i = 0; i < steps.Count;)
        {
            var same = 1;
            while (i + same < steps.Count && steps[i + same] == steps[i])
                same++;
            if (same > Repeats)
                text.Append(steps[i]).Append(isShape ? "(×n)" : string.Create(CultureInfo.InvariantCulture, $"(×{same})"));
            else
                text.Insert(text.Length, steps[i], same);
            i += same;
        }
        return text.ToString();
    }
}
