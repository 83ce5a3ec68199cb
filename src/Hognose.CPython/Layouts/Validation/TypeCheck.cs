using Hognose.CPython.Types;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Layouts.Validation;

/// <summary>Whether types look like types through the layout: <c>type</c> is its own type, and built-in types are as large as their structs.</summary>
internal sealed class TypeCheck(IMemoryReader memory, CPythonLayout layout)
{
    private const int LongestName = 64;
    private const int LongestMetaclassChain = 8;

    /// <summary>Goes over the types of the given objects.</summary>
    /// <returns>How many types had a name whose size is known.</returns>
    public int Check(IEnumerable<TargetAddress> objects, List<string> failures)
    {
        var seen = new HashSet<TargetAddress>();
        var compared = 0;
        foreach (var target in objects)
            if (TypeOf(target) is { } type && seen.Add(type))
                compared += CheckType(type, failures) ? 1 : 0;
        if (seen.Count == 0)
            failures.Add("the collector's lists lead to no object with a type");
        return compared;
    }

    private bool CheckType(TargetAddress type, List<string> failures)
    {
        if (!IsType(type))
        {
            failures.Add($"the type at {type} does not lead to the type of types");
            return false;
        }
        // Names of static types stand in read-only data that a copy may lack: then there is nothing to compare.
        if (!TryReadName(type, out var name) || !IsOurs(type, name) || !TypeSizes.TryExpect(layout, name, out var expected))
            return false;
        if (!memory.TryRead(type + layout.PyTypeObject.tp_basicsize, out long size) || size != expected)
            failures.Add($"{name} takes {size} bytes in the target and {expected} in the table");
        return true;
    }

    private bool IsType(TargetAddress type)
    {
        for (var i = 0; i < LongestMetaclassChain; i++)
        {
            if (TypeOf(type) is not { } metatype)
                return false;
            if (metatype == type)
                return !TryReadName(type, out var name) || name is "type" or "";
            type = metatype;
        }
        return false;
    }

    /// <summary>A class of the program may be called "list" too; C types on the heap carry their module in the name.</summary>
    private bool IsOurs(TargetAddress type, string name) =>
        memory.TryRead(type + layout.PyTypeObject.tp_flags, out ulong flags) && ((flags & TypeFlags.HeapType) == 0 || name.Contains('.', StringComparison.Ordinal));

    private bool TryReadName(TargetAddress type, out string name)
    {
        name = "";
        return memory.TryReadAddress(type + layout.PyTypeObject.tp_name, out var text) && memory.TryReadText(text, LongestName, out name);
    }

    private TargetAddress? TypeOf(TargetAddress target) =>
        memory.TryReadAddress(target + layout.PyObject.ob_type, out var type) && !type.IsNull ? type : null;
}
