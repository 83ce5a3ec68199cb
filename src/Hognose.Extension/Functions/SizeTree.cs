using Hognose.Extension.Naming;
using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>One object of the tree while its children are gathered: the largest of them, and the sum of the others.</summary>
internal unsafe struct SizeTree
{
    private const int Items = 9;

    private DeepWalk* _walk;
    private nint _depth;
    private nint _limit;
    private nint _steps;
    private bool _withNothing;
    private PointerBuffer _children;
    private PointerBuffer _sizes;
    private nint _others;
    private nint _bytesOfOthers;

    /// <summary>The tree of an object that the walk has claimed and not counted the referents of; null with an error or no memory.</summary>
    /// <param name="steps">References are followed so far; -1: to the end.</param>
    /// <param name="withNothing">Whether there are trees of 0 bytes for what was counted before or is left out.</param>
    public static PyObject* Of(DeepWalk* walk, NamedEdges* edges, EdgeName name, PyObject* key, PyObject* item, nint depth, nint limit, nint steps, bool withNothing)
    {
        SizeTree tree;
        tree._walk = walk;
        tree._depth = depth;
        tree._limit = limit;
        tree._steps = steps;
        tree._withNothing = withNothing;
        tree._children = tree._sizes = default;
        tree._others = tree._bytesOfOthers = 0;
        var own = walk->LastSize;
        var before = walk->Total - own;
        var objectsBefore = walk->Objects - 1;
        var isWhole = steps == 0 || (depth > 0 ? AddChildren(&tree, item) : RunFrom(walk, item, steps));

        PyObject* result = null;
        if (isWhole)
        {
            var tuple = ExtensionModule.Python->NewTuple(Items);
            var isMade = PythonValues.Put(tuple, 0, PythonValues.Number((nint)name))
                & PythonValues.Put(tuple, 1, EdgeValues.Key(edges, key))
                & PythonValues.Put(tuple, 2, PythonValues.Shared(item))
                & PythonValues.Put(tuple, 3, PythonValues.Number(walk->Total - before))
                & PythonValues.Put(tuple, 4, PythonValues.Number(own))
                & PythonValues.Put(tuple, 5, PythonValues.Number(walk->Objects - objectsBefore))
                & PythonValues.Put(tuple, 6, TakeChildren(&tree))
                & PythonValues.Put(tuple, 7, PythonValues.Number(tree._others))
                & PythonValues.Put(tuple, 8, PythonValues.Number(tree._bytesOfOthers));
            result = PythonValues.Whole(tuple, isMade);
        }
        for (nuint index = 0; index < tree._children.Count; index++)
            ExtensionModule.Python->DecRef(tree._children.Items[index]);
        PointerBuffer.Free(&tree._children);
        PointerBuffer.Free(&tree._sizes);
        return result;
    }

    /// <summary>A tree of an object that counts nothing.</summary>
    public static PyObject* Nothing(NamedEdges* edges, EdgeName name, PyObject* key, PyObject* item)
    {
        var tuple = ExtensionModule.Python->NewTuple(Items);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Number((nint)name))
            & PythonValues.Put(tuple, 1, EdgeValues.Key(edges, key))
            & PythonValues.Put(tuple, 2, PythonValues.Shared(item))
            & PythonValues.Put(tuple, 6, ExtensionModule.Python->NewList(0));
        for (nint index = 3; index < Items; index++)
            isMade = isMade && (index == 6 || PythonValues.Put(tuple, index, PythonValues.Number(0)));
        return PythonValues.Whole(tuple, isMade);
    }

    private static bool RunFrom(DeepWalk* walk, PyObject* item, nint steps)
    {
        if (steps < 0 && !walk->CountsSteps)
            return DeepWalk.RunFrom(walk, item);
        LevelWalk levels = default;
        var isWhole = LevelWalk.Run(&levels, walk, item, steps);
        Reach(walk, walk->Level + levels.Depth);
        LevelWalk.Free(&levels);
        return isWhole;
    }

    private static void Reach(DeepWalk* walk, nint level)
    {
        if (level > walk->Deepest)
            walk->Deepest = level;
    }

    private static bool AddChildren(SizeTree* tree, PyObject* item)
    {
        NamedEdges edges;
        edges.Tell = &AddChild;
        edges.Context = tree;
        return NamedEdges.Visit(&edges, item) && !tree->_walk->IsOutOfMemory;
    }

    private static bool AddChild(void* context, NamedEdges* edges, EdgeName name, PyObject* key, PyObject* referent)
    {
        var tree = (SizeTree*)context;
        var walk = tree->_walk;
        if (!DeepWalk.TryClaim(walk, referent))
            return !walk->IsOutOfMemory && (!tree->_withNothing || (Nothing(edges, name, key, referent) is var nothing && nothing != null && Keep(tree, nothing, 0)));
        var before = walk->Total - walk->LastSize;
        Reach(walk, ++walk->Level);
        var child = Of(walk, edges, name, key, referent, tree->_depth - 1, tree->_limit, tree->_steps < 0 ? -1 : tree->_steps - 1, tree->_withNothing);
        walk->Level--;
        return child != null && Keep(tree, child, walk->Total - before);
    }

    /// <summary>Keeps the largest; takes the reference over.</summary>
    private static bool Keep(SizeTree* tree, PyObject* child, nint size)
    {
        if ((nint)tree->_children.Count < tree->_limit)
            return PointerBuffer.Add(&tree->_sizes, (PyObject*)size) && PointerBuffer.Add(&tree->_children, child);
        nuint smallest = 0;
        for (nuint index = 1; index < tree->_sizes.Count; index++)
            if ((nint)tree->_sizes.Items[index] < (nint)tree->_sizes.Items[smallest])
                smallest = index;
        if (tree->_limit > 0 && (nint)tree->_sizes.Items[smallest] < size)
        {
            var dropped = tree->_children.Items[smallest];
            tree->_children.Items[smallest] = child;
            child = dropped;
            var droppedSize = (nint)tree->_sizes.Items[smallest];
            tree->_sizes.Items[smallest] = (PyObject*)size;
            size = droppedSize;
        }
        tree->_others++;
        tree->_bytesOfOthers += size;
        ExtensionModule.Python->DecRef(child);
        return true;
    }

    private static PyObject* TakeChildren(SizeTree* tree)
    {
        var list = ExtensionModule.Python->NewList(0);
        for (nuint index = 0; list != null && index < tree->_children.Count; index++)
        {
            if (ExtensionModule.Python->AppendToList(list, tree->_children.Items[index]) == 0)
                continue;
            ExtensionModule.Python->DecRef(list);
            list = null;
        }
        return list;
    }
}
