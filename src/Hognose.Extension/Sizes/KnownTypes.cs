using System.Runtime.CompilerServices;
using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Sizes;

/// <summary>The types that one walk met, by address.</summary>
internal unsafe struct KnownTypes
{
    private const nuint FirstEntries = 256;
    private const nint CollectorHeadBytes = 16;
    private const nint ManagedWordsBytes = 16;

    private KnownType* _table;
    private nuint _mask;
    private nuint _count;
    private PyObject* _sizeofName;
    private KnownType* _last;

    /// <summary>object.__sizeof__, by which types without one of their own are recognised.</summary>
    private PyObject* _plain;

    /// <summary>The type in a place of the table, from 0 on; null in a free one. False: there are no more places.</summary>
    public static bool TryAt(KnownTypes* types, nuint place, KnownType** known)
    {
        *known = place <= types->_mask && types->_table[place].Type != null ? types->_table + place : null;
        return place <= types->_mask;
    }

    public static nuint Bytes(KnownTypes* types) => (types->_mask + 1) * (nuint)sizeof(KnownType);

    /// <summary>False: no memory left.</summary>
    public static bool Open(KnownTypes* types)
    {
        var python = ExtensionModule.Python;
        types->_table = (KnownType*)PrivateMemory.Pages(FirstEntries * (nuint)sizeof(KnownType));
        types->_mask = FirstEntries - 1;
        types->_sizeofName = python->InternedStr(Text.C("__sizeof__"u8));
        if (types->_table == null || types->_sizeofName == null)
            return false;
        // Functions have no __sizeof__ of their own in any version, and are a type whose base is object.
        types->_plain = python->LookUpInType(python->FunctionType->Base, types->_sizeofName);
        return true;
    }

    public static void Free(KnownTypes* types)
    {
        if (types->_table != null)
            PrivateMemory.GiveBack(types->_table, Bytes(types));
        if (types->_sizeofName != null)
            ExtensionModule.Python->DecRef(types->_sizeofName);
    }

    /// <summary>Null: no memory left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KnownType* Find(KnownTypes* types, PyTypeObject* type)
    {
        var last = types->_last;
        return last != null && last->Type == type ? last : types->_last = Seek(types, type);
    }

    private static KnownType* Seek(KnownTypes* types, PyTypeObject* type)
    {
        var slot = Slot(types->_table, types->_mask, type);
        if (slot->Type == type)
            return slot;
        if (types->_count * 2 > types->_mask)
        {
            if (!Grow(types))
                return null;
            slot = Slot(types->_table, types->_mask, type);
        }
        types->_count++;
        Learn(types, slot, type);
        return slot;
    }

    private static KnownType* Slot(KnownType* table, nuint mask, PyTypeObject* type)
    {
        var index = (nuint)((ulong)type * 0x9E37_79B9_7F4A_7C15 >> 32) & mask;
        while (table[index].Type != null && table[index].Type != type)
            index = (index + 1) & mask;
        return table + index;
    }

    private static bool Grow(KnownTypes* types)
    {
        var entries = (types->_mask + 1) * 2;
        var table = (KnownType*)PrivateMemory.Pages(entries * (nuint)sizeof(KnownType));
        if (table == null)
            return false;
        for (nuint index = 0; index <= types->_mask; index++)
            if (types->_table[index].Type != null)
                *Slot(table, entries - 1, types->_table[index].Type) = types->_table[index];
        PrivateMemory.GiveBack(types->_table, Bytes(types));
        types->_table = table;
        types->_mask = entries - 1;
        types->_last = null;
        return true;
    }

    private static void Learn(KnownTypes* types, KnownType* known, PyTypeObject* type)
    {
        known->Type = type;
        known->Kind = KindOf(type);
        known->Before = ((type->Flags & TypeFlags.HasCollectorHead) != 0 ? CollectorHeadBytes : 0)
            + ((type->Flags & TypeFlags.WordsBefore) != 0 ? ManagedWordsBytes : 0);
        known->Way = WayOf(types, type, &known->Method);
        // Only some objects of such a type have a collector's head (static types have none).
        if (type->IsCollected != null && known->Way != SizeWay.Overridden)
            known->Way = SizeWay.Ask;
    }

    private static SizeWay WayOf(KnownTypes* types, PyTypeObject* type, delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*, PyObject*>* method)
    {
        var python = ExtensionModule.Python;
        for (var at = type; at != null; at = at->Base)
        {
            // A type that was never made ready: a look-up would make it so.
            if (at->ResolutionOrder == null)
                return SizeWay.Plain;
            var found = python->LookUpInType(at, types->_sizeofName);
            if (found == types->_plain || found == null)
                return at == type ? SizeWay.Plain : SizeWay.Overridden;
            if (found->Type != python->MethodDescriptorType)
                continue;
            var definition = ((PyMethodDescriptor*)found)->Method;
            if (definition->Flags != PyMethodDef.NoArguments)
                return at == type ? SizeWay.Ask : SizeWay.Overridden;
            *method = (delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*, PyObject*>)definition->Method;
            return at == type ? SizeWay.Method : SizeWay.Overridden;
        }
        return SizeWay.Overridden;
    }

    public static Kind KindOf(PyTypeObject* type)
    {
        var python = ExtensionModule.Python;
        if ((type->Flags & TypeFlags.TypeSubclass) != 0)
            return Kind.Class;
        if (python->IsSubtype(type, python->ModuleType) != 0)
            return Kind.Module;
        if (type == python->CodeType)
            return Kind.Code;
        if (type == python->FrameType)
            return Kind.Frame;
        return type == python->FunctionType || python->IsSubtype(type, python->BuiltinFunctionType) != 0 ? Kind.Function : Kind.Other;
    }
}
