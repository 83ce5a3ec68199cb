using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>
/// Sizes of several objects, each without what another has; the walk behind <c>hognose.compat.pympler.asizeof</c>. The package switches
/// the collector off meanwhile.
/// </summary>
internal unsafe struct MeasureFunction
{
    private const int Arguments = 8;
    private const int Answers = 11;

    private DeepWalk _walk;
    private LevelWalk _levels;
    private Ranks _ranks;
    private PointerBuffer _sizes;
    private PyObject* _overridden;
    private PointerBuffer _overriddenRoots;
    private PointerBuffer _overriddenSizes;
    private nint _root;
    private nint _limit;
    private nint _depth;

    [Flags]
    private enum Wishes
    {
        /// <summary>Totals by type.</summary>
        Types = 1,

        /// <summary>The objects that reach most.</summary>
        Largest = 2,

        /// <summary>The number of steps to the farthest object.</summary>
        Depth = 4,
    }

    public static ReadOnlySpan<byte> Doc =>
        "measure($module, seen, objs, leave_out, alignment_mask, limit, excluded, wishes, above, /)\n--\n\n(sizes, objects, met, duplicates, excluded, failed, depth, overridden, types, largest, ranked) of a tuple of objects."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != Arguments || arguments[1]->Type != python->TupleType || arguments[5]->Type != python->TupleType)
        {
            python->SetError(python->TypeError, Text.C("measure() takes a set from seen(), two tuples and five numbers"u8));
            return null;
        }
        MeasureFunction call;
        Libc.memset(&call, 0, (nuint)sizeof(MeasureFunction));
        var state = SizingState.Of(arguments[0]);
        if (state == null)
            return null;
        call._walk.LeftOut = (Kind)python->LongAsSsize(arguments[2]);
        call._walk.AlignmentMask = python->LongAsSsize(arguments[3]);
        call._limit = python->LongAsSsize(arguments[4]);
        var wishes = (Wishes)python->LongAsSsize(arguments[6]);
        call._ranks.Above = python->LongAsSsize(arguments[7]);
        if (python->ErrorOccurred() != null || (call._overridden = python->NewList(0)) == null)
            return null;
        call._walk.CountsMeetings = true;
        call._walk.Tell = &Hear;
        call._walk.Context = &call;
        SizingState.Lend(state, &call._walk);
        Walk(&call, arguments[1], arguments[5], wishes);
        SizingState.TakeBack(state, &call._walk);
        var answer = call._walk.IsOutOfMemory ? PythonValues.OutOfMemory() : Answer(&call, wishes);
        Free(&call);
        return answer;
    }

    private static void Walk(MeasureFunction* call, PyObject* objects, PyObject* excluded, Wishes wishes)
    {
        var python = ExtensionModule.Python;
        var walk = &call->_walk;
        walk->IsOutOfMemory = !DeepWalk.Open(walk) || !Exclude(walk, excluded) || !SeenFunctions.Add(&walk->Barred, objects);
        walk->HasBarred |= python->TupleSize(objects) > 0;
        for (nint end = python->TupleSize(objects); call->_root < end && !walk->IsOutOfMemory; call->_root++)
        {
            var before = walk->Total;
            MeasureOne(call, python->TupleItem(objects, call->_root), wishes);
            walk->IsOutOfMemory |= !PointerBuffer.Add(&call->_sizes, (PyObject*)(walk->Total - before));
        }
    }

    private static void MeasureOne(MeasureFunction* call, PyObject* item, Wishes wishes)
    {
        var walk = &call->_walk;
        // A module that is given is asked for; others are only met.
        var leftOut = walk->LeftOut;
        walk->LeftOut &= ~Kind.Module;
        var isClaimed = DeepWalk.TryClaimGiven(walk, item);
        walk->LeftOut = leftOut;
        if (!isClaimed)
            return;
        if (call->_limit < 0 && (wishes & (Wishes.Largest | Wishes.Depth)) == 0)
        {
            DeepWalk.RunFrom(walk, item);
            return;
        }
        if (!LevelWalk.Run(&call->_levels, walk, item, call->_limit))
            return;
        if (call->_levels.Depth > call->_depth)
            call->_depth = call->_levels.Depth;
        if ((wishes & Wishes.Largest) == 0)
            return;
        LevelWalk.AddUp(&call->_levels);
        walk->IsOutOfMemory |= !Ranks.Add(&call->_ranks, &call->_levels);
    }

    /// <summary>Marks the types of a tuple; false: no memory left.</summary>
    public static bool Exclude(DeepWalk* walk, PyObject* types)
    {
        for (nint index = 0, end = ExtensionModule.Python->TupleSize(types); index < end; index++)
        {
            var type = ExtensionModule.Python->TupleItem(types, index);
            if ((type->Type->Flags & TypeFlags.TypeSubclass) == 0)
                continue;
            var known = KnownTypes.Find(&walk->Types, (PyTypeObject*)type);
            if (known == null)
                return false;
            known->Kind |= Kind.Excluded;
        }
        return true;
    }

    private static bool Hear(DeepWalk* walk, PyObject* item, KnownType* known, nint size)
    {
        if (known->Way != SizeWay.Overridden)
            return true;
        var call = (MeasureFunction*)walk->Context;
        return ExtensionModule.Python->AppendToList(call->_overridden, item) == 0
            && PointerBuffer.Add(&call->_overriddenRoots, (PyObject*)call->_root)
            && PointerBuffer.Add(&call->_overriddenSizes, (PyObject*)size);
    }

    private static PyObject* Answer(MeasureFunction* call, Wishes wishes)
    {
        var python = ExtensionModule.Python;
        var walk = &call->_walk;
        var tuple = python->NewTuple(Answers);
        var isMade = PythonValues.Put(tuple, 0, SizesOf(call))
            & PythonValues.Put(tuple, 1, PythonValues.Number(walk->Objects))
            & PythonValues.Put(tuple, 2, PythonValues.Number(walk->Meetings))
            & PythonValues.Put(tuple, 3, PythonValues.Number(walk->Duplicates))
            & PythonValues.Put(tuple, 4, PythonValues.Number(walk->Excluded))
            & PythonValues.Put(tuple, 5, PythonValues.Number(walk->Failed))
            & PythonValues.Put(tuple, 6, PythonValues.Number(call->_depth))
            & PythonValues.Put(tuple, 7, OverriddenOf(call))
            & PythonValues.Put(tuple, 8, (wishes & Wishes.Types) != 0 ? TypeRows.WithLargest(&walk->Types) : PythonValues.Shared(python->None))
            & PythonValues.Put(tuple, 9, Ranks.Rows(&call->_ranks))
            & PythonValues.Put(tuple, 10, PythonValues.Number(call->_ranks.Count));
        return PythonValues.Whole(tuple, isMade);
    }

    private static PyObject* SizesOf(MeasureFunction* call)
    {
        var tuple = ExtensionModule.Python->NewTuple((nint)call->_sizes.Count);
        var isMade = true;
        for (nuint index = 0; isMade && index < call->_sizes.Count; index++)
            isMade = PythonValues.Put(tuple, (nint)index, PythonValues.Number((nint)call->_sizes.Items[index]));
        return PythonValues.Whole(tuple, isMade);
    }

    private static PyObject* OverriddenOf(MeasureFunction* call)
    {
        var list = ExtensionModule.Python->NewList(0);
        for (nuint index = 0; list != null && index < call->_overriddenRoots.Count; index++)
        {
            var row = ExtensionModule.Python->NewTuple(3);
            var isMade = PythonValues.Put(row, 0, PythonValues.Shared(ExtensionModule.Python->ListItem(call->_overridden, (nint)index)))
                & PythonValues.Put(row, 1, PythonValues.Number((nint)call->_overriddenRoots.Items[index]))
                & PythonValues.Put(row, 2, PythonValues.Number((nint)call->_overriddenSizes.Items[index]));
            if (PythonValues.Append(list, PythonValues.Whole(row, isMade)))
                continue;
            ExtensionModule.Python->DecRef(list);
            list = null;
        }
        return list;
    }

    private static void Free(MeasureFunction* call)
    {
        DeepWalk.CloseButSeen(&call->_walk);
        LevelWalk.Free(&call->_levels);
        PointerBuffer.Free(&call->_sizes);
        PointerBuffer.Free(&call->_overriddenRoots);
        PointerBuffer.Free(&call->_overriddenSizes);
        Ranks.Free(&call->_ranks);
        ExtensionModule.Python->DecRef(call->_overridden);
    }
}
