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

    /// <summary>Sizes are rounded up to a multiple of this plus one.</summary>
    public nint AlignmentMask;

    /// <summary>Objects that no reference is followed to; they count when they are given.</summary>
    public AddressSet Barred;
    public bool HasBarred;

    /// <summary>Whether it is counted how often objects are met again.</summary>
    public bool CountsMeetings;
    public AddressSet MetAgain;
    public nint Meetings;
    public nint Duplicates;

    /// <summary>Objects of types marked <see cref="Kind.Excluded"/>.</summary>
    public nint Excluded;

    /// <summary>Of a tree: whether steps are counted, which takes a walk by levels; steps to where it is; steps to the farthest object.</summary>
    public bool CountsSteps;
    public nint Level;
    public nint Deepest;

    /// <summary>Hears of each counted object with its type and size; false ends the walk. Null: nobody listens.</summary>
    public delegate*<DeepWalk*, PyObject*, KnownType*, nint, bool> Tell;
    public void* Context;
    public bool IsOutOfMemory;
    public AddressSet Seen;
    public PendingObjects Pending;
    public KnownTypes Types;

    public static bool Open(DeepWalk* walk) => PendingObjects.Open(&walk->Pending) && KnownTypes.Open(&walk->Types);

    public static void Close(DeepWalk* walk)
    {
        AddressSet.Free(&walk->Seen);
        CloseButSeen(walk);
    }

    /// <summary>For a walk whose sets live on.</summary>
    public static void CloseButSeen(DeepWalk* walk)
    {
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
        Meet(item, walk);
        walk->LeftOut = leftOut;
    }

    /// <summary>Adds an object unless its kind is left out.</summary>
    public static void AddMet(DeepWalk* walk, PyObject* item) => Visit(item, walk);

    /// <summary>Counts an object, however often it is given, and nothing else.</summary>
    public static void CountAlone(DeepWalk* walk, PyObject* item)
    {
        var known = KnownTypes.Find(&walk->Types, item->Type);
        walk->IsOutOfMemory |= known == null;
        if (known != null)
            Count(walk, item, known);
    }

    /// <summary>Counts what a reference leads to without what that refers to; false: it was counted before, is left out, or no memory is left.</summary>
    public static bool TryClaim(DeepWalk* walk, PyObject* item)
    {
        if (!IsBarred(walk, item))
            return TryClaimGiven(walk, item);
        PassBy(walk, item);
        return false;
    }

    public static bool TryClaimGiven(DeepWalk* walk, PyObject* item)
    {
        AddressChunk* chunk;
        if (!AddressSet.Add(&walk->Seen, (nuint)item, &chunk))
        {
            walk->IsOutOfMemory |= chunk == null || !MeetAgain(walk, item);
            return false;
        }
        var known = KnownTypes.Find(&walk->Types, item->Type);
        walk->IsOutOfMemory |= known == null;
        if (known == null || IsLeftOut(walk, known))
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

    private static int Visit(PyObject* item, DeepWalk* walk) => IsBarred(walk, item) ? PassBy(walk, item) : Meet(item, walk);

    /// <summary>0, or 1 with no memory left.</summary>
    private static int PassBy(DeepWalk* walk, PyObject* item) =>
        !walk->CountsMeetings || !AddressSet.Has(&walk->Seen, (nuint)item) || CountMeeting(walk, item) ? 0 : Stop(walk);

    private static int Meet(PyObject* item, DeepWalk* walk)
    {
        AddressChunk* chunk;
        if (!AddressSet.Add(&walk->Seen, (nuint)item, &chunk))
            return chunk == null || !MeetAgain(walk, item) ? Stop(walk) : 0;
        var known = KnownTypes.Find(&walk->Types, item->Type);
        if (known == null)
            return Stop(walk);
        if (IsLeftOut(walk, known))
            return 0;
        Count(walk, item, known);
        if (!References.HasAny(item))
            return walk->IsOutOfMemory ? 1 : 0;
        return PendingObjects.Push(&walk->Pending, item, chunk) ? 0 : Stop(walk);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBarred(DeepWalk* walk, PyObject* item) => walk->HasBarred && AddressSet.Has(&walk->Barred, (nuint)item);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLeftOut(DeepWalk* walk, KnownType* known)
    {
        if ((known->Kind & (walk->LeftOut | Kind.Excluded)) == 0)
            return false;
        walk->Excluded += (known->Kind & Kind.Excluded) != 0 ? 1 : 0;
        return true;
    }

    /// <summary>False: no memory left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MeetAgain(DeepWalk* walk, PyObject* item) => !walk->CountsMeetings || CountMeeting(walk, item);

    private static bool CountMeeting(DeepWalk* walk, PyObject* item)
    {
        var known = KnownTypes.Find(&walk->Types, item->Type);
        if (known == null || (known->Kind & (walk->LeftOut | Kind.Excluded)) != 0)
            return known != null;
        AddressChunk* chunk;
        walk->Meetings++;
        walk->Duplicates += AddressSet.Add(&walk->MetAgain, (nuint)item, &chunk) ? 1 : 0;
        return chunk != null;
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
        size = (size + walk->AlignmentMask) & ~walk->AlignmentMask;
        if (walk->Tell != null && !walk->Tell(walk, item, known, size))
            walk->IsOutOfMemory = true;
        if (size > known->Largest)
        {
            known->Largest = size;
            known->LargestObject = item;
        }
        walk->Meetings++;
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
