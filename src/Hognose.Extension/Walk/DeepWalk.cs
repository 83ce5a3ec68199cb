using System.Runtime.CompilerServices;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;

namespace Hognose.Extension.Walk;

/// <summary>
/// From given objects to all that they hold, each once, by their types' own tp_traverse. Nothing of the program's runs and the GIL stays
/// where it is, so no object can die on the way.
/// </summary>
internal unsafe struct DeepWalk
{
    public Kind LeftOut;
    public nint Total;
    public nint LastSize;
    public nint Objects;

    /// <summary>Objects whose C function for the size failed: counted with their basic size.</summary>
    public nint Failed;

    /// <summary>Objects whose class overrides __sizeof__ in Python: counted as if it didn't, or left to <see cref="Deferred"/>.</summary>
    public nint Overridden;

    /// <summary>A list for those objects; null: nobody asks for their own answer.</summary>
    public PyObject* Deferred;
    public bool IsOutOfMemory;
    public AddressSet Seen;
    public PendingObjects Pending;
    public KnownTypes Types;

    public static bool Open(DeepWalk* walk) => PendingObjects.Open(&walk->Pending) && KnownTypes.Open(&walk->Types);

    public static void Close(DeepWalk* walk)
    {
        AddressSet.Free(&walk->Seen);
        PendingObjects.Free(&walk->Pending);
        KnownTypes.Free(&walk->Types);
    }

    /// <summary>Bytes this walk took beside the heap.</summary>
    public static nuint WorkingBytes(DeepWalk* walk) => walk->Seen.Bytes + PendingObjects.Bytes(&walk->Pending) + KnownTypes.Bytes(&walk->Types);

    /// <summary>Adds an object whatever its kind: it was asked for.</summary>
    public static void AddGiven(DeepWalk* walk, PyObject* item)
    {
        var leftOut = walk->LeftOut;
        walk->LeftOut = Kind.Other;
        Visit(item, walk);
        walk->LeftOut = leftOut;
    }

    /// <summary>Counts an object without what it refers to; false: it was counted before, is left out, or no memory is left.</summary>
    public static bool TryClaim(DeepWalk* walk, PyObject* item)
    {
        AddressChunk* chunk;
        if (!AddressSet.Add(&walk->Seen, (nuint)item, &chunk))
        {
            walk->IsOutOfMemory |= chunk == null;
            return false;
        }
        var known = KnownTypes.Find(&walk->Types, item->Type);
        walk->IsOutOfMemory |= known == null;
        if (known == null || (known->Kind & walk->LeftOut) != 0)
            return false;
        Count(walk, item, known);
        return true;
    }

    /// <summary>Counts all that a claimed object reaches; false: no memory left.</summary>
    public static bool RunFrom(DeepWalk* walk, PyObject* item)
    {
        if (References.HasAny(item))
            References.VisitAll(item, (delegate*<PyObject*, void*, int>)(delegate*<PyObject*, DeepWalk*, int>)&Visit, walk);
        Run(walk);
        return !walk->IsOutOfMemory;
    }

    public static void Run(DeepWalk* walk)
    {
        while (!walk->IsOutOfMemory && PendingObjects.Pop(&walk->Pending, &walk->Seen) is var item && item != null)
            References.VisitAll(item, (delegate*<PyObject*, void*, int>)(delegate*<PyObject*, DeepWalk*, int>)&Visit, walk);
    }

    private static int Visit(PyObject* item, DeepWalk* walk)
    {
        AddressChunk* chunk;
        if (!AddressSet.Add(&walk->Seen, (nuint)item, &chunk))
            return chunk == null ? Stop(walk) : 0;
        var known = KnownTypes.Find(&walk->Types, item->Type);
        if (known == null)
            return Stop(walk);
        if ((known->Kind & walk->LeftOut) != 0)
            return 0;
        Count(walk, item, known);
        if (!References.HasAny(item))
            return 0;
        return PendingObjects.Push(&walk->Pending, item, chunk) ? 0 : Stop(walk);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(DeepWalk* walk, PyObject* item, KnownType* known)
    {
        walk->Objects++;
        if (known->Way == SizeWay.Overridden)
        {
            walk->Overridden++;
            if (walk->Deferred != null)
            {
                walk->IsOutOfMemory |= ExtensionModule.Python->AppendToList(walk->Deferred, item) != 0;
                return;
            }
        }
        var size = ShallowSize.Of(item, known);
        if (size < 0)
        {
            walk->Failed++;
            size = ShallowSize.Plain(item, known);
        }
        known->Objects++;
        known->Bytes += size;
        walk->LastSize = size;
        walk->Total += size;
    }

    /// <summary>Ends the walk: tp_traverse returns what visit returned.</summary>
    private static int Stop(DeepWalk* walk)
    {
        walk->IsOutOfMemory = true;
        return 1;
    }
}
