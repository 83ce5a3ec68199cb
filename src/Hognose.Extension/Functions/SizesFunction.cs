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
        "sizes($module, obj, depth, limit, leave_out, [seen, alignment_mask, steps, excluded, counts_steps], /)\n--\n\n(tree, overridden, failed, met, duplicates, depth); a tree is (kind of name, key, object, bytes, own bytes, objects, trees, others, their bytes). With a set from seen() also trees of 0 bytes for what was counted before or is left out."u8;

    /// <summary>Trees are made by recursion.</summary>
    private const nint Deepest = 100;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count is not (4 or 9) || (count == 9 && arguments[7]->Type != python->TupleType))
        {
            python->SetError(python->TypeError, Text.C("sizes() takes an object and three numbers, and perhaps a set, two numbers, a tuple and a truth value"u8));
            return null;
        }
        var depth = python->LongAsSsize(arguments[1]);
        var limit = python->LongAsSsize(arguments[2]);
        var leftOut = python->LongAsSsize(arguments[3]);
        DeepWalk walk;
        Libc.memset(&walk, 0, (nuint)sizeof(DeepWalk));
        walk.AlignmentMask = count == 4 ? 0 : python->LongAsSsize(arguments[5]);
        var steps = count == 4 ? -1 : python->LongAsSsize(arguments[6]);
        var state = count == 4 ? null : SizingState.Of(arguments[4]);
        if (python->ErrorOccurred() != null)
            return null;
        walk.LeftOut = (Kind)leftOut;
        walk.CountsMeetings = state != null;
        walk.CountsSteps = count != 4 && python->LongAsSsize(arguments[8]) != 0;
        if (state != null)
            SizingState.Lend(state, &walk);
        walk.IsOutOfMemory = !DeepWalk.Open(&walk) || (state != null && !MeasureFunction.Exclude(&walk, arguments[7]));
        depth = depth < Deepest ? depth : Deepest;
        var tree = walk.IsOutOfMemory ? null : Tree(&walk, arguments[0], depth, limit, steps, state != null);
        walk.IsOutOfMemory |= tree == null;
        if (state != null)
            SizingState.TakeBack(state, &walk);
        else
            AddressSet.Free(&walk.Seen);
        DeepWalk.CloseButSeen(&walk);
        return Answer(&walk, tree);
    }

    private static PyObject* Tree(DeepWalk* walk, PyObject* item, nint depth, nint limit, nint steps, bool withNothing)
    {
        NamedEdges root;
        root.Index = -1;
        var leftOut = walk->LeftOut;
        // What is given is asked for; with a set, as pympler does, that goes for modules only.
        walk->LeftOut = withNothing ? leftOut & ~Kind.Module : Kind.Other;
        var isClaimed = DeepWalk.TryClaimGiven(walk, item);
        walk->LeftOut = leftOut;
        if (!isClaimed && !walk->IsOutOfMemory && withNothing)
            return SizeTree.Nothing(&root, EdgeName.Unnamed, null, item);
        return isClaimed ? SizeTree.Of(walk, &root, EdgeName.Unnamed, null, item, depth, limit, steps, withNothing) : null;
    }

    private static PyObject* Answer(DeepWalk* walk, PyObject* tree)
    {
        if (tree == null)
            return PythonValues.OutOfMemory();
        var tuple = ExtensionModule.Python->NewTuple(6);
        var isMade = PythonValues.Put(tuple, 0, tree)
            & PythonValues.Put(tuple, 1, PythonValues.Number(walk->Overridden))
            & PythonValues.Put(tuple, 2, PythonValues.Number(walk->Failed))
            & PythonValues.Put(tuple, 3, PythonValues.Number(walk->Meetings))
            & PythonValues.Put(tuple, 4, PythonValues.Number(walk->Duplicates))
            & PythonValues.Put(tuple, 5, PythonValues.Number(walk->Deepest));
        return PythonValues.Whole(tuple, isMade);
    }
}
