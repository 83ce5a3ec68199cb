using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>What came and went since a former look, behind <c>hognose.ObjectTracker</c>. The package switches the collector off meanwhile.</summary>
internal unsafe struct LookFunction
{
    private HeapLook* _now;
    private HeapLook _removed;
    private PyObject* _added;

    public static ReadOnlySpan<byte> Doc =>
        "look($module, all, ignored, leave_out, former, /)\n--\n\n(look, (type, objects, bytes) of all, new objects, (address of a type, objects, bytes) of what is gone) since a former look or None."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 4 || arguments[0]->Type != python->ListType || arguments[1]->Type != python->ListType)
        {
            python->SetError(python->TypeError, Text.C("look() takes two lists, a number and a look or None"u8));
            return null;
        }
        LookFunction call;
        Libc.memset(&call, 0, (nuint)sizeof(LookFunction));
        DeepWalk walk;
        Libc.memset(&walk, 0, (nuint)sizeof(DeepWalk));
        walk.LeftOut = (Kind)python->LongAsSsize(arguments[2]);
        var former = arguments[3] == python->None ? null : HeapLook.Of(arguments[3]);
        if (python->ErrorOccurred() != null)
            return null;
        var capsule = HeapLook.NewCapsule();
        if (capsule == null)
            return null;
        call._now = HeapLook.Of(capsule);
        var answer = Look(&call, &walk, arguments, former) ? Answer(&call, &walk, capsule) : PythonValues.OutOfMemory();
        DeepWalk.Close(&walk);
        HeapLook.Empty(&call._removed);
        if (call._added != null)
            python->DecRef(call._added);
        python->DecRef(capsule);
        return answer;
    }

    private static bool Look(LookFunction* call, DeepWalk* walk, PyObject** arguments, HeapLook* former)
    {
        walk->IsOutOfMemory = !DeepWalk.Open(walk) || (call->_added = ExtensionModule.Python->NewList(0)) == null;
        walk->Tell = &Add;
        walk->Context = call->_now;
        WholeHeap.Walk(walk, arguments[0], arguments[1]);
        return !walk->IsOutOfMemory && HeapLook.SortByAddress(call->_now) && (former == null || Compare(call, former)) && HeapLook.SortByType(&call->_removed);
    }

    private static bool Add(DeepWalk* walk, PyObject* item, KnownType* known, nint size) => HeapLook.Add((HeapLook*)walk->Context, item, size);

    private static bool Compare(LookFunction* call, HeapLook* former)
    {
        nuint old = 0;
        nuint now = 0;
        var isWhole = true;
        while (isWhole && (old < former->Count || now < call->_now->Count))
        {
            var gone = old < former->Count ? former->Entries + old : null;
            var come = now < call->_now->Count ? call->_now->Entries + now : null;
            var isSame = gone != null && come != null && gone->Item == come->Item && gone->Type == come->Type;
            if (gone != null && (come == null || gone->Item <= come->Item))
            {
                old++;
                isWhole = isSame || HeapLook.AddCopy(&call->_removed, gone);
            }
            if (isWhole && come != null && (gone == null || come->Item <= gone->Item))
            {
                now++;
                isWhole = isSame || ExtensionModule.Python->AppendToList(call->_added, come->Item) == 0;
            }
        }
        return isWhole;
    }

    private static PyObject* Answer(LookFunction* call, DeepWalk* walk, PyObject* capsule)
    {
        var tuple = ExtensionModule.Python->NewTuple(4);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Shared(capsule))
            & PythonValues.Put(tuple, 1, TypeRows.Of(&walk->Types))
            & PythonValues.Put(tuple, 2, PythonValues.Shared(call->_added))
            & PythonValues.Put(tuple, 3, RemovedRows(&call->_removed));
        return PythonValues.Whole(tuple, isMade);
    }

    private static PyObject* RemovedRows(HeapLook* removed)
    {
        var list = ExtensionModule.Python->NewList(0);
        for (nuint begin = 0, end = 0; list != null && begin < removed->Count; begin = end)
        {
            nint size = 0;
            for (end = begin; end < removed->Count && removed->Entries[end].Type == removed->Entries[begin].Type; end++)
                size += removed->Entries[end].Size;
            var row = ExtensionModule.Python->NewTuple(3);
            var isMade = PythonValues.Put(row, 0, PythonValues.Number((nint)removed->Entries[begin].Type))
                & PythonValues.Put(row, 1, PythonValues.Number((nint)(end - begin)))
                & PythonValues.Put(row, 2, PythonValues.Number(size));
            if (PythonValues.Append(list, PythonValues.Whole(row, isMade)))
                continue;
            ExtensionModule.Python->DecRef(list);
            list = null;
        }
        return list;
    }
}
