using Hognose.Extension.Python;
using Hognose.Extension.Sizes;

namespace Hognose.Extension.Walk;

/// <summary>All objects that the collector's list reaches, but for those that the caller brought along itself.</summary>
internal static unsafe class WholeHeap
{
    /// <summary>Counts them in an opened walk.</summary>
    /// <param name="all">A list; it is left out itself.</param>
    /// <param name="ignored">A list; it and its objects are left out, not what these hold.</param>
    public static void Walk(DeepWalk* walk, PyObject* all, PyObject* ignored)
    {
        var python = ExtensionModule.Python;
        Ignore(walk, all);
        Ignore(walk, ignored);
        for (nint index = 0, end = python->ListSize(ignored); index < end; index++)
            Ignore(walk, python->ListItem(ignored, index));
        for (nint index = 0, end = python->ListSize(all); index < end && !walk->IsOutOfMemory; index++)
        {
            DeepWalk.AddMet(walk, python->ListItem(all, index));
            DeepWalk.Run(walk);
        }
    }

    /// <summary>Marks types of a tuple as <see cref="Kind.Apart"/>; false: no memory left.</summary>
    public static bool SetApart(KnownTypes* types, PyObject* apart)
    {
        for (nint index = 0, end = ExtensionModule.Python->TupleSize(apart); index < end; index++)
        {
            var type = ExtensionModule.Python->TupleItem(apart, index);
            if ((type->Type->Flags & TypeFlags.TypeSubclass) == 0)
                continue;
            var known = KnownTypes.Find(types, (PyTypeObject*)type);
            if (known == null)
                return false;
            known->Kind |= Kind.Apart;
        }
        return true;
    }

    private static void Ignore(DeepWalk* walk, PyObject* item)
    {
        AddressChunk* chunk;
        if (!walk->IsOutOfMemory && !AddressSet.Add(&walk->Seen, (nuint)item, &chunk))
            walk->IsOutOfMemory = chunk == null;
    }
}
