using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>
/// What several walks remember together: addresses that were counted or barred, never objects. Lives in a capsule. The addresses of
/// objects that died since may belong to others by now, which are then taken for counted.
/// </summary>
internal unsafe struct SizingState
{
    public AddressSet Seen;
    public AddressSet Barred;
    public AddressSet MetAgain;
    public bool HasBarred;

    private static ReadOnlySpan<byte> Name => "hognose._hognose.seen"u8;

    /// <summary>A new capsule; null with Python's error set.</summary>
    public static PyObject* NewCapsule()
    {
        var state = (SizingState*)PrivateMemory.Pages((nuint)sizeof(SizingState));
        if (state == null)
            return PythonValues.OutOfMemory();
        var capsule = ExtensionModule.Python->NewCapsule(state, Text.C(Name), &Free);
        if (capsule == null)
            PrivateMemory.GiveBack(state, (nuint)sizeof(SizingState));
        return capsule;
    }

    /// <summary>Null with Python's error set: no such capsule.</summary>
    public static SizingState* Of(PyObject* capsule) => (SizingState*)ExtensionModule.Python->CapsulePointer(capsule, Text.C(Name));

    public static void Lend(SizingState* state, DeepWalk* walk)
    {
        walk->Seen = state->Seen;
        walk->Barred = state->Barred;
        walk->MetAgain = state->MetAgain;
        walk->HasBarred = state->HasBarred;
    }

    /// <summary>A walk that was broken off leaves marks in the sets, which are then forgotten.</summary>
    public static void TakeBack(SizingState* state, DeepWalk* walk)
    {
        state->Seen = walk->Seen;
        state->Barred = walk->Barred;
        state->MetAgain = walk->MetAgain;
        state->HasBarred = walk->HasBarred;
        if (walk->IsOutOfMemory)
            Empty(state);
    }

    private static void Empty(SizingState* state)
    {
        AddressSet.Free(&state->Seen);
        AddressSet.Free(&state->Barred);
        AddressSet.Free(&state->MetAgain);
        Libc.memset(state, 0, (nuint)sizeof(SizingState));
    }

    private static void Free(PyObject* capsule)
    {
        var state = Of(capsule);
        Empty(state);
        PrivateMemory.GiveBack(state, (nuint)sizeof(SizingState));
    }
}
