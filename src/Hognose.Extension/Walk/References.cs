using System.Runtime.CompilerServices;
using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>
/// What an object refers to, as its type's tp_traverse says; the keys of dicts, which dict_traverse leaves out while all of them are
/// strings, since no cycle can go through a string; and what <see cref="UntrackedReferences"/> knows.
/// </summary>
internal static unsafe class References
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasAny(PyObject* item) => HasAnyTracked(item)
        || ((item->Type->Flags & TypeFlags.HasCollectorHead) == 0 && UntrackedReferences.KindOf(item->Type) != Untracked.None);

    /// <summary>gc.is_tracked apart, what the collector would ask before it calls tp_traverse (_PyObject_IS_GC).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasAnyTracked(PyObject* item)
    {
        var type = item->Type;
        return (type->Flags & TypeFlags.HasCollectorHead) != 0 && type->Traverse != null && (type->IsCollected == null || type->IsCollected(item) != 0);
    }

    /// <summary>Calls visit for each reference of an object that <see cref="HasAny"/>, some twice, until it returns something but 0.</summary>
    public static int VisitAll(PyObject* item, delegate*<PyObject*, void*, int> visit, void* argument)
    {
        if (item->Type == ExtensionModule.Python->DictType)
            return VisitEntries(item, visit, argument);
        if ((item->Type->Flags & TypeFlags.HasCollectorHead) == 0)
            return UntrackedReferences.VisitAll(item, UntrackedReferences.KindOf(item->Type), visit, argument);
        var stop = item->Type->Traverse(item, visit, argument);
        if (stop == 0 && (item->Type->Flags & TypeFlags.DictSubclass) != 0)
            return VisitEntries(item, visit, argument);
        var inherited = UntrackedReferences.KindOfBase(item->Type);
        return stop == 0 && inherited != Untracked.None ? UntrackedReferences.VisitAll(item, inherited, visit, argument) : stop;
    }

    private static int VisitEntries(PyObject* dict, delegate*<PyObject*, void*, int> visit, void* argument)
    {
        nint position = 0;
        PyObject* key;
        PyObject* value;
        while (ExtensionModule.Python->NextOfDict(dict, &position, &key, &value) != 0)
        {
            var stop = visit(value, argument);
            if (stop == 0)
                stop = visit(key, argument);
            if (stop != 0)
                return stop;
        }
        return 0;
    }
}
