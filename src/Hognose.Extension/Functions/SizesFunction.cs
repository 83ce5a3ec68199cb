using Hognose.Agent;
using Hognose.Extension.Naming;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>The tree behind <c>hognose.sizes</c>. The package switches the collector off meanwhile: tuples are made while addresses are remembered.</summary>
internal static unsafe class SizesFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "sizes($module, obj, depth, limit, leave_out, /)\n--\n\n(tree, overridden, failed); a tree is (kind of name, key, object, bytes, own bytes, objects, trees, others, their bytes)."u8;

    /// <summary>Trees are made by recursion.</summary>
    private const nint Deepest = 100;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 4)
        {
            python->SetError(python->TypeError, Text.C("sizes() takes an object and three numbers"u8));
            return null;
        }
        var depth = python->LongAsSsize(arguments[1]);
        var limit = python->LongAsSsize(arguments[2]);
        var leftOut = python->LongAsSsize(arguments[3]);
        if (python->ErrorOccurred() != null)
            return null;

        DeepWalk walk;
        Libc.memset(&walk, 0, (nuint)sizeof(DeepWalk));
        PyObject* tree = null;
        if (DeepWalk.Open(&walk) && DeepWalk.TryClaim(&walk, arguments[0]))
        {
            walk.LeftOut = (Kind)leftOut;
            NamedEdges root;
            root.Index = -1;
            tree = SizeTree.Of(&walk, &root, EdgeName.Unnamed, null, arguments[0], depth < Deepest ? depth : Deepest, limit);
        }
        DeepWalk.Close(&walk);
        if (tree == null)
            return PythonValues.OutOfMemory();
        var tuple = ExtensionModule.Python->NewTuple(3);
        var isMade = PythonValues.Put(tuple, 0, tree)
            & PythonValues.Put(tuple, 1, PythonValues.Number(walk.Overridden))
            & PythonValues.Put(tuple, 2, PythonValues.Number(walk.Failed));
        return PythonValues.Whole(tuple, isMade);
    }
}
