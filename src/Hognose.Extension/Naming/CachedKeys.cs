using Hognose.Extension.Python;

namespace Hognose.Extension.Naming;

/// <summary>
/// Where a class keeps the names of its instances' attributes: <c>ht_cached_keys</c> of PyHeapTypeObject, whose offset differs from version to
/// version. It follows the class's name, slots and qualified name, and the names can be asked for: the place is found by them, once a process.
/// </summary>
internal static unsafe class CachedKeys
{
    /// <summary>Bytes: where the methods' tables of a class begin, on the oldest version that has such keys.</summary>
    private const int Begin = 408;
    private const int NameToQualifiedName = 2;
    private const int NameToKeys = 3;

    /// <param name="type">Made by a class statement, as all with <see cref="TypeFlags.ManagedDict"/>.</param>
    public static PyDictKeys* Of(PyTypeObject* type)
    {
        var state = ExtensionModule.State;
        if (state->PlaceOfKeys == 0)
            state->PlaceOfKeys = Find(type);
        return state->PlaceOfKeys == 0 ? null : *(PyDictKeys**)((byte*)type + state->PlaceOfKeys);
    }

    /// <summary>0: not found.</summary>
    private static nint Find(PyTypeObject* type)
    {
        var python = ExtensionModule.Python;
        if (python->NameOfType == null || python->QualifiedNameOfType == null)
            return 0;
        // Both come as new references to strings that the class holds anyway.
        var name = python->NameOfType(type);
        var qualifiedName = python->QualifiedNameOfType(type);
        nint place = 0;
        if (name != null && qualifiedName != null)
        {
            // The type of a built-in type is "type": as long as every class is.
            var end = ((PyObject*)python->ListType)->Type->BasicSize - (NameToKeys * sizeof(nint));
            for (nint at = Begin; at < end && place == 0; at += sizeof(nint))
            {
                var words = (PyObject**)((byte*)type + at);
                if (words[0] == name && words[NameToQualifiedName] == qualifiedName)
                    place = at + (NameToKeys * sizeof(nint));
            }
        }
        if (name != null)
            python->DecRef(name);
        if (qualifiedName != null)
            python->DecRef(qualifiedName);
        return place;
    }
}
