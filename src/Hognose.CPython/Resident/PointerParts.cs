using Hognose.CPython.Layouts;
using Hognose.CPython.Objects;
using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Resident;

/// <summary>
/// How many bytes of an object can hold pointers of its own: the fixed part of its type. Items of tuples and digits of numbers follow behind. Of a string that
/// has its characters behind its header it is only the header, since characters and what an earlier owner of the block left there may look like pointers;
/// a class that is no heap type is shorter than its metaclass says, and other variables of its library follow.
/// </summary>
internal sealed class PointerParts
{
    private const long LargestFixedPart = 1 << 16;

    private readonly FrozenMemory _memory;
    private readonly CPythonLayout _layout;
    private readonly ulong[] _fixedParts;
    private readonly ulong[] _flags;

    public PointerParts(FrozenMemory memory, CPythonLayout layout, HeapGraph graph)
    {
        _memory = memory;
        _layout = layout;
        _fixedParts = new ulong[graph.Types.Count];
        _flags = new ulong[graph.Types.Count];
        for (var type = 0; type < _fixedParts.Length; type++)
        {
            var address = graph.Types[new TypeId(type)].Address;
            _fixedParts[type] = (ulong)Math.Clamp(memory.I64(address + (ulong)layout.PyTypeObject.tp_basicsize), 16, LargestFixedPart);
            _flags[type] = memory.U64(address + (ulong)layout.PyTypeObject.tp_flags);
        }
    }

    /// <param name="address">An object's.</param>
    /// <param name="type">Its type's number in the graph.</param>
    public ulong BytesOf(ulong address, int type)
    {
        if ((_flags[type] & TypeFlags.UnicodeSubclass) != 0)
        {
            var state = new TextState(_memory.U32(address + (ulong)_layout.PyASCIIObject.state));
            return !state.IsCompact ? _fixedParts[type] : (ulong)(state.IsAscii ? _layout.PyASCIIObject.Size : _layout.PyCompactUnicodeObject.Size);
        }
        var isStatic = (_flags[type] & TypeFlags.TypeSubclass) != 0 && (_memory.U64(address + (ulong)_layout.PyTypeObject.tp_flags) & TypeFlags.HeapType) == 0;
        return isStatic ? (ulong)_layout.PyTypeObject.Size : _fixedParts[type];
    }
}
