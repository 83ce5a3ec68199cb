using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Naming;

/// <summary>
/// The references of one object with names, as far as they can be had without running code: items and entries by the containers' own
/// functions, slots and members by their descriptors, attributes by their class's keys. Goes to a visitor, so that a list of a million items needs no second list.
/// </summary>
internal unsafe struct NamedEdges
{
    /// <summary>(context, name, key or null, referent); the key is a borrowed reference, an index comes as <see cref="Index"/>.</summary>
    public delegate*<void*, NamedEdges*, EdgeName, PyObject*, PyObject*, bool> Tell;
    public void* Context;
    public nint Index;
    private PointerBuffer _traversed;
    private PyObject* _attributes;
    private PointerBuffer _memberValues;
    private PointerBuffer _memberNames;

    /// <summary>How many of the members are slots; the others are attributes without a dict.</summary>
    private nuint _slots;

    /// <summary>False: the visitor wants no more, or no memory is left.</summary>
    public static bool Visit(NamedEdges* edges, PyObject* item)
    {
        var python = ExtensionModule.Python;
        var type = item->Type;
        edges->Index = -1;
        edges->_traversed = default;
        edges->_memberValues = default;
        edges->_memberNames = default;
        edges->_attributes = null;
        if (!References.HasAnyTracked(item))
            return UntrackedEdges.Visit(edges, item, References.HasAny(item) ? UntrackedReferences.KindOf(type) : Untracked.None);
        if (type == python->ListType || type == python->TupleType || type == python->DictType)
            return VisitContent(edges, item) >= 0;
        var isWhole = item->Type->Traverse(item, (delegate*<PyObject*, PointerBuffer*, int>)&Collect, &edges->_traversed) == 0 && VisitOthers(edges, item)
            && UntrackedEdges.Visit(edges, item, UntrackedReferences.KindOfBase(type));
        PointerBuffer.Free(&edges->_traversed);
        PointerBuffer.Free(&edges->_memberValues);
        PointerBuffer.Free(&edges->_memberNames);
        return isWhole;
    }

    private static int Collect(PyObject* item, PointerBuffer* buffer) => PointerBuffer.Add(buffer, item) ? 0 : 1;

    private static bool VisitOthers(NamedEdges* edges, PyObject* item)
    {
        if (!FindMembers(edges, item))
            return false;
        edges->_slots = edges->_memberValues.Count;
        if (!FindAttributes(edges, item))
            return false;
        var content = VisitContent(edges, item);
        if (content < 0)
            return false;
        // A subclass's tp_traverse goes on to its base's when its own is done: the content comes last.
        var own = edges->_traversed.Count - Min(edges->_traversed.Count, (nuint)content);
        for (nuint index = 0; index < own; index++)
            if (!TellOther(edges, item, edges->_traversed.Items[index]))
                return false;
        return true;
    }

    private static nuint Min(nuint left, nuint right) => left < right ? left : right;

    private static bool TellOther(NamedEdges* edges, PyObject* item, PyObject* referent)
    {
        for (nuint index = 0; index < edges->_memberValues.Count; index++)
        {
            if (edges->_memberValues.Items[index] != referent)
                continue;
            edges->_memberValues.Items[index] = null;
            return edges->Tell(edges->Context, edges, index < edges->_slots ? EdgeName.Member : EdgeName.Attribute, edges->_memberNames.Items[index], referent);
        }
        var name = referent == edges->_attributes ? EdgeName.Attributes : referent == (PyObject*)item->Type ? EdgeName.Class : EdgeName.Unnamed;
        return edges->Tell(edges->Context, edges, name, null, referent);
    }

    /// <summary>How many references tp_traverse of list, tuple or dict makes of the content; -1: stopped.</summary>
    private static nint VisitContent(NamedEdges* edges, PyObject* item)
    {
        var flags = item->Type->Flags;
        if ((flags & TypeFlags.DictSubclass) != 0)
            return VisitDict(edges, item);
        return (flags & (TypeFlags.ListSubclass | TypeFlags.TupleSubclass)) != 0 ? VisitItems(edges, item, (flags & TypeFlags.ListSubclass) != 0) : 0;
    }

    private static nint VisitItems(NamedEdges* edges, PyObject* item, bool isList)
    {
        var python = ExtensionModule.Python;
        var count = isList ? python->ListSize(item) : python->TupleSize(item);
        nint told = 0;
        for (edges->Index = 0; edges->Index < count; edges->Index++)
        {
            // Null where a list or tuple is not filled yet.
            var referent = isList ? python->ListItem(item, edges->Index) : python->TupleItem(item, edges->Index);
            if (referent == null)
                continue;
            told++;
            if (!edges->Tell(edges->Context, edges, EdgeName.Item, null, referent))
                return -1;
        }
        edges->Index = -1;
        return told;
    }

    private static nint VisitDict(NamedEdges* edges, PyObject* item)
    {
        nint position = 0;
        nint values = 0;
        nint others = 0;
        PyObject* key;
        PyObject* value;
        while (ExtensionModule.Python->NextOfDict(item, &position, &key, &value) != 0)
        {
            values++;
            others += (key->Type->Flags & TypeFlags.StrSubclass) == 0 ? 1 : 0;
            if (!edges->Tell(edges->Context, edges, EdgeName.Value, key, value) || !edges->Tell(edges->Context, edges, EdgeName.Key, key, key))
                return -1;
        }
        return others == 0 ? values : 2 * values;
    }

    private static bool FindAttributes(NamedEdges* edges, PyObject* item)
    {
        var type = item->Type;
        if ((type->Flags & TypeFlags.ManagedDict) == 0)
        {
            if (type->DictOffset != 0)
                edges->_attributes = *(PyObject**)((byte*)item + PlaceOfDict(item, type));
            return true;
        }
        InstanceAttributes found;
        InstanceAttributes.Find(&found, item);
        edges->_attributes = found.Dict;
        for (nint number = 0; number < found.Count; number++)
        {
            if (InstanceAttributes.Value(&found, number) is var value && value == null)
                continue;
            if (!PointerBuffer.Add(&edges->_memberValues, value) || !PointerBuffer.Add(&edges->_memberNames, InstanceAttributes.Name(&found, number)))
                return false;
        }
        return true;
    }

    /// <summary>Counted from behind the items, up to 3.11, for objects with items (_PyObject_GetDictPtr): their number is negative in a negative int.</summary>
    private static nint PlaceOfDict(PyObject* item, PyTypeObject* type)
    {
        if (type->DictOffset > 0)
            return type->DictOffset;
        var items = item->Items < 0 ? -item->Items : item->Items;
        return ((type->BasicSize + (items * type->ItemSize) + 7) & ~7) + type->DictOffset;
    }

    private static bool FindMembers(NamedEdges* edges, PyObject* item)
    {
        var python = ExtensionModule.Python;
        var order = item->Type->ResolutionOrder;
        for (nint index = 0, end = order == null ? 0 : python->TupleSize(order); index < end; index++)
        {
            var type = (PyTypeObject*)python->TupleItem(order, index);
            // From 3.12 on the dicts of static types are kept elsewhere; those of classes with slots are here.
            if (type->Dict != null && !FindMembers(edges, item, type->Dict))
                return false;
        }
        return true;
    }

    private static bool FindMembers(NamedEdges* edges, PyObject* item, PyObject* dict)
    {
        var python = ExtensionModule.Python;
        nint position = 0;
        PyObject* key;
        PyObject* value;
        while (python->NextOfDict(dict, &position, &key, &value) != 0)
        {
            if (value->Type != python->MemberDescriptorType)
                continue;
            var member = ((PyMemberDescriptor*)value)->Member;
            if (member->Type != PyMemberDef.Object && member->Type != PyMemberDef.ObjectOrError)
                continue;
            if (!PointerBuffer.Add(&edges->_memberValues, *(PyObject**)((byte*)item + member->Offset))
                || !PointerBuffer.Add(&edges->_memberNames, ((PyMemberDescriptor*)value)->Name))
                return false;
        }
        return true;
    }
}
