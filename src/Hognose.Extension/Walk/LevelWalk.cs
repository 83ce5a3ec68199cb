using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>
/// From one object level by level, so that each object is met on a shortest way: for what needs the number of steps, or a parent for each
/// object. 24 bytes an object, where <see cref="DeepWalk.RunFrom"/> takes 2.
/// </summary>
internal unsafe struct LevelWalk
{
    public PointerBuffer Items;

    /// <summary>Indices of the objects that first led to each.</summary>
    public PointerBuffer Parents;

    /// <summary>Own bytes; after <see cref="AddUp"/> with all that was first met through an object.</summary>
    public PointerBuffer Sizes;

    /// <summary>Steps to the farthest object.</summary>
    public nint Depth;
    private DeepWalk* _walk;
    private nuint _parent;

    /// <summary>Counts all within so many steps of a claimed object (-1: all); false: no memory left.</summary>
    public static bool Run(LevelWalk* levels, DeepWalk* walk, PyObject* root, nint limit)
    {
        levels->_walk = walk;
        levels->Items.Count = levels->Parents.Count = levels->Sizes.Count = 0;
        levels->Depth = 0;
        levels->_parent = 0;
        var isWhole = Add(levels, root);
        nuint begin = 0;
        for (nint depth = 0; isWhole && begin < levels->Items.Count && depth != limit; depth++)
        {
            var end = levels->Items.Count;
            for (var index = begin; index < end && isWhole; index++)
                isWhole = VisitFrom(levels, index);
            begin = end;
            levels->Depth += levels->Items.Count > end ? 1 : 0;
        }
        return isWhole && !walk->IsOutOfMemory;
    }

    /// <summary>Adds each object's bytes to those of its parent, the farthest first.</summary>
    public static void AddUp(LevelWalk* levels)
    {
        for (var index = levels->Items.Count; --index > 0 && index < levels->Items.Count;)
        {
            var parent = (nuint)levels->Parents.Items[index];
            levels->Sizes.Items[parent] = (PyObject*)((nint)levels->Sizes.Items[parent] + (nint)levels->Sizes.Items[index]);
        }
    }

    public static nint DepthOf(LevelWalk* levels, nuint index)
    {
        nint depth = 0;
        for (; index != 0; depth++)
            index = (nuint)levels->Parents.Items[index];
        return depth;
    }

    public static void Free(LevelWalk* levels)
    {
        PointerBuffer.Free(&levels->Items);
        PointerBuffer.Free(&levels->Parents);
        PointerBuffer.Free(&levels->Sizes);
    }

    private static bool VisitFrom(LevelWalk* levels, nuint index)
    {
        var item = levels->Items.Items[index];
        levels->_parent = index;
        return !References.HasAny(item)
            || References.VisitAll(item, (delegate*<PyObject*, void*, int>)(delegate*<PyObject*, LevelWalk*, int>)&Visit, levels) == 0;
    }

    private static int Visit(PyObject* item, LevelWalk* levels)
    {
        if (!DeepWalk.TryClaim(levels->_walk, item))
            return levels->_walk->IsOutOfMemory ? 1 : 0;
        return Add(levels, item) ? 0 : 1;
    }

    private static bool Add(LevelWalk* levels, PyObject* item)
    {
        var isWhole = PointerBuffer.Add(&levels->Items, item)
            && PointerBuffer.Add(&levels->Parents, (PyObject*)levels->_parent)
            && PointerBuffer.Add(&levels->Sizes, (PyObject*)levels->_walk->LastSize);
        levels->_walk->IsOutOfMemory |= !isWhole;
        return isWhole;
    }
}
