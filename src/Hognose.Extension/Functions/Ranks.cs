using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>The objects that reach most, most first, as far as they reach more than a bound.</summary>
internal unsafe struct Ranks
{
    /// <summary>As many as pympler keeps.</summary>
    private const nuint Most = 100;

    /// <summary>Bytes; 0 or less: none is ranked.</summary>
    public nint Above;

    /// <summary>All that were over the bound.</summary>
    public nint Count;
    private PointerBuffer _objects;
    private PointerBuffer _sizes;
    private PointerBuffer _depths;
    private PointerBuffer _parents;

    /// <summary>Ranks the objects of a walk whose bytes were added up; false: no memory left.</summary>
    public static bool Add(Ranks* ranks, LevelWalk* levels)
    {
        for (nuint index = 0; index < levels->Items.Count && ranks->Above > 0; index++)
        {
            var size = (nint)levels->Sizes.Items[index];
            if (size <= ranks->Above)
                continue;
            ranks->Count++;
            if (ranks->_objects.Count == Most && (nint)ranks->_sizes.Items[Most - 1] >= size)
                continue;
            var parent = index == 0 ? null : levels->Items.Items[(nuint)levels->Parents.Items[index]];
            if (!Insert(ranks, levels->Items.Items[index], size, LevelWalk.DepthOf(levels, index), parent))
                return false;
        }
        return true;
    }

    /// <summary>A list of (bytes, object, steps to it, address of what led to it or 0).</summary>
    public static PyObject* Rows(Ranks* ranks)
    {
        var list = ExtensionModule.Python->NewList(0);
        for (nuint index = 0; list != null && index < ranks->_objects.Count; index++)
        {
            var row = ExtensionModule.Python->NewTuple(4);
            var isMade = PythonValues.Put(row, 0, PythonValues.Number((nint)ranks->_sizes.Items[index]))
                & PythonValues.Put(row, 1, PythonValues.Shared(ranks->_objects.Items[index]))
                & PythonValues.Put(row, 2, PythonValues.Number((nint)ranks->_depths.Items[index]))
                & PythonValues.Put(row, 3, PythonValues.Number((nint)ranks->_parents.Items[index]));
            if (PythonValues.Append(list, PythonValues.Whole(row, isMade)))
                continue;
            ExtensionModule.Python->DecRef(list);
            list = null;
        }
        return list;
    }

    public static void Free(Ranks* ranks)
    {
        PointerBuffer.Free(&ranks->_objects);
        PointerBuffer.Free(&ranks->_sizes);
        PointerBuffer.Free(&ranks->_depths);
        PointerBuffer.Free(&ranks->_parents);
    }

    private static bool Insert(Ranks* ranks, PyObject* item, nint size, nint depth, PyObject* parent)
    {
        if (ranks->_objects.Count < Most
            && !(PointerBuffer.Add(&ranks->_objects, null) && PointerBuffer.Add(&ranks->_sizes, null) && PointerBuffer.Add(&ranks->_depths, null) && PointerBuffer.Add(&ranks->_parents, null)))
            return false;
        var place = ranks->_objects.Count - 1;
        for (; place > 0 && (nint)ranks->_sizes.Items[place - 1] < size; place--)
        {
            ranks->_objects.Items[place] = ranks->_objects.Items[place - 1];
            ranks->_sizes.Items[place] = ranks->_sizes.Items[place - 1];
            ranks->_depths.Items[place] = ranks->_depths.Items[place - 1];
            ranks->_parents.Items[place] = ranks->_parents.Items[place - 1];
        }
        ranks->_objects.Items[place] = item;
        ranks->_sizes.Items[place] = (PyObject*)size;
        ranks->_depths.Items[place] = (PyObject*)depth;
        ranks->_parents.Items[place] = parent;
        return true;
    }
}
