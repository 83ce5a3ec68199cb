using Hognose.CPython.Types;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Objects;

/// <summary>Where a Python class keeps what its <c>__slots__</c> name: the members of object type that follow its type object.</summary>
internal sealed unsafe class SlotMembers(WalkContext context)
{
    // T_OBJECT_EX, Py_T_OBJECT_EX (Include/descrobject.h).
    private const int ObjectMember = 16;
    private const long MostSlots = 1 << 16;

    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _type = context.Layout.PyObject.ob_type;
    private readonly int _basicSize = context.Layout.PyTypeObject.tp_basicsize;
    private readonly int _size = context.Layout.PyMemberDef.Size;
    private readonly int _memberType = context.Layout.PyMemberDef.type;
    private readonly int _name = context.Layout.PyMemberDef.name;
    private readonly int _offset = context.Layout.PyMemberDef.offset;

    /// <summary>Offsets into an instance, for the slots that this class adds to its base.</summary>
    public IEnumerable<int> Of(PyType type) => Named(type).Select(slot => slot.Offset);

    /// <summary>The same, each with the address of its name, a C string.</summary>
    public IReadOnlyList<(int Offset, ulong Name)> Named(PyType type)
    {
        var memory = context.Memory;
        var count = memory.I64(type.Address + (ulong)_count);
        if (count is <= 0 or > MostSlots)
            return [];
        var metatype = memory.U64(type.Address + (ulong)_type);
        var members = type.Address + memory.U64(metatype + (ulong)_basicSize);
        var slots = new List<(int, ulong)>();
        for (long i = 0; i < count; i++)
            if (OffsetOf(members + (ulong)(i * _size), type) is var offset and > 0)
                slots.Add((offset, memory.U64(members + (ulong)(i * _size) + (ulong)_name)));
        return slots;
    }

    private int OffsetOf(ulong member, PyType type)
    {
        if (context.Memory.U32(member + (ulong)_memberType) != ObjectMember)
            return 0;
        var offset = context.Memory.I64(member + (ulong)_offset);
        return offset >= 16 && offset + 8 <= type.BasicSize ? (int)offset : 0;
    }
}
