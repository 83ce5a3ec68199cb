using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Naming;

/// <summary>References that the collector knows nothing of, for the visitor of <see cref="NamedEdges"/>.</summary>
internal static unsafe class UntrackedEdges
{
    /// <summary>False: the visitor wants no more, or no memory is left.</summary>
    public static bool Visit(NamedEdges* edges, PyObject* item, Untracked kind)
    {
        var count = UntrackedReferences.Count(item, kind);
        var isGoingOn = true;
        for (nint number = 0; number < count && isGoingOn; number++)
            if (UntrackedReferences.Value(item, kind, number) is var value && value != null)
                isGoingOn = Tell(edges, kind, number, value);
        edges->Index = -1;
        return isGoingOn;
    }

    private static bool Tell(NamedEdges* edges, Untracked kind, nint number, PyObject* value)
    {
        var name = UntrackedReferences.Name(kind, number);
        edges->Index = kind == Untracked.NumpyArray ? number - 1 : -1;
        if (name == null)
            return edges->Tell(edges->Context, edges, edges->Index >= 0 ? EdgeName.Item : EdgeName.Unnamed, null, value);
        var key = ExtensionModule.Python->InternedStr(name);
        if (key == null)
            return false;
        var isGoingOn = edges->Tell(edges->Context, edges, EdgeName.Member, key, value);
        ExtensionModule.Python->DecRef(key);
        return isGoingOn;
    }
}
