using System.Runtime.CompilerServices;
using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>Types whose objects refer to others though the collector knows nothing of it.</summary>
internal enum Untracked
{
    None,
    Code,
    Range,
    DateTime,
    Time,
    TimeZone,
    NumpyArray,
}

/// <summary>What objects without tp_traverse refer to, by number: what there is for it but their structs.</summary>
internal static unsafe class UntrackedReferences
{
    /// <summary>Of the type itself, for one without a collector's head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Untracked KindOf(PyTypeObject* type) =>
        (type->Flags & (TypeFlags.LongSubclass | TypeFlags.BytesSubclass | TypeFlags.StrSubclass)) != 0 ? Untracked.None : KindOfOther(type);

    /// <summary>Of what a class inherits from: its own tp_traverse tells its attributes, and goes on to a base's that there is none of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Untracked KindOfBase(PyTypeObject* type)
    {
        if ((type->Flags & TypeFlags.MadeAtRunTime) == 0)
            return Untracked.None;
        var at = type->Base;
        while (at != null && (at->Flags & TypeFlags.MadeAtRunTime) != 0)
            at = at->Base;
        var isObject = at == null || at->Base == null;
        return isObject || (at->Flags & TypeFlags.HasCollectorHead) != 0 ? Untracked.None : KindOf(at);
    }

    public static nint Count(PyObject* item, Untracked kind) => kind switch
    {
        Untracked.Code => CodeFields.Count(&ExtensionModule.State->Code),
        Untracked.Range => 4,
        Untracked.DateTime => ((PyDateTime*)item)->HasTimeZone != 0 ? 1 : 0,
        Untracked.Time => ((PyTime*)item)->HasTimeZone != 0 ? 1 : 0,
        Untracked.TimeZone => 2,
        Untracked.NumpyArray => 1 + NumpyArray.Objects((NumpyArray*)item),
        _ => 0,
    };

    /// <summary>May be null.</summary>
    public static PyObject* Value(PyObject* item, Untracked kind, nint number) => kind switch
    {
        Untracked.Code => CodeFields.Value(&ExtensionModule.State->Code, item, number),
        Untracked.Range => (&((PyRange*)item)->Start)[number],
        Untracked.DateTime => ((PyDateTime*)item)->TimeZone,
        Untracked.Time => ((PyTime*)item)->TimeZone,
        Untracked.TimeZone => (&((PyTimeZone*)item)->Offset)[number],
        _ => number == 0 ? ((NumpyArray*)item)->Base : ((NumpyArray*)item)->Data[number - 1],
    };

    /// <summary>The attribute; null: there is none, as for elements of arrays.</summary>
    public static byte* Name(Untracked kind, nint number) => kind switch
    {
        Untracked.Code => CodeFields.Name(&ExtensionModule.State->Code, number),
        Untracked.Range => NameInRange(number),
        Untracked.DateTime or Untracked.Time => Text.C("tzinfo"u8),
        Untracked.NumpyArray => number == 0 ? Text.C("base"u8) : null,
        _ => null,
    };

    public static int VisitAll(PyObject* item, Untracked kind, delegate*<PyObject*, void*, int> visit, void* argument)
    {
        var count = Count(item, kind);
        var stop = 0;
        for (nint number = 0; number < count && stop == 0; number++)
            if (Value(item, kind, number) is var value && value != null)
                stop = visit(value, argument);
        return stop;
    }

    private static byte* NameInRange(nint number) =>
        number == 0 ? Text.C("start"u8) : number == 1 ? Text.C("stop"u8) : number == 2 ? Text.C("step"u8) : null;

    private static Untracked KindOfOther(PyTypeObject* type)
    {
        var python = ExtensionModule.Python;
        if (type == python->CodeType)
            return Untracked.Code;
        if (type == python->RangeType)
            return Untracked.Range;
        // A class of the program's may be called as these are.
        if ((type->Flags & TypeFlags.MadeAtRunTime) != 0)
            return KindOfBase(type);
        return *type->Name == (byte)'d' ? KindOfDate(type->Name) : *type->Name == (byte)'n' && Text.IsSame(type->Name, Text.C("numpy.ndarray"u8)) ? Untracked.NumpyArray : Untracked.None;
    }

    private static Untracked KindOfDate(byte* name) =>
        Text.IsSame(name, Text.C("datetime.datetime"u8)) ? Untracked.DateTime
        : Text.IsSame(name, Text.C("datetime.time"u8)) ? Untracked.Time
        : Text.IsSame(name, Text.C("datetime.timezone"u8)) ? Untracked.TimeZone : Untracked.None;
}
