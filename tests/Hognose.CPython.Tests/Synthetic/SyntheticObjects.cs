using System.Text;
using Hognose.CPython.Layouts;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Tests.Synthetic;

/// <summary>Makes objects of the commonest kinds; those that the collector tracks are put on its youngest list.</summary>
internal sealed class SyntheticObjects(SyntheticTarget target, CPythonLayout layout)
{
    private const int PointerSize = 8;
    private const int DictCapacity = 8;
    private const int Log2DictCapacity = 3;
    private const int DictUsable = 5;

    private SyntheticMemory Memory => target.Memory;

    /// <summary>An object of a static type with nothing but its head.</summary>
    /// <param name="extraBytes">Beyond <c>tp_basicsize</c>.</param>
    public TargetAddress New(string type, int extraBytes = 0)
    {
        var isCollected = SyntheticTypes.IsCollected(type);
        var before = isCollected ? layout.PyGCHead.Size : 0;
        var address = Memory.Allocate(before + target.Types.BasicSizeOf(type) + extraBytes) + before;
        Memory.Write(address, layout.PyObject.ob_refcnt, 1);
        Memory.WritePointer(address, layout.PyObject.ob_type, target.Types[type]);
        if (isCollected)
            target.Track(address);
        return address;
    }

    public TargetAddress NewTuple(params TargetAddress[] items)
    {
        var tuple = New("tuple", items.Length * PointerSize);
        Memory.Write(tuple, layout.PyVarObject.ob_size, (long)items.Length);
        WriteItems(tuple + layout.PyTupleObject.ob_item, items);
        return tuple;
    }

    public TargetAddress NewList(params TargetAddress[] items)
    {
        var list = New("list");
        var storage = Memory.Allocate(items.Length * PointerSize);
        Memory.Write(list, layout.PyVarObject.ob_size, (long)items.Length);
        Memory.Write(list, layout.PyListObject.allocated, (long)items.Length);
        Memory.WritePointer(list, layout.PyListObject.ob_item, storage);
        WriteItems(storage, items);
        return list;
    }

    public TargetAddress NewBytes(ReadOnlySpan<byte> value)
    {
        var bytes = New("bytes", value.Length);
        Memory.Write(bytes, layout.PyVarObject.ob_size, (long)value.Length);
        Memory.WriteBytes(bytes + layout.PyBytesObject.ob_sval, value);
        return bytes;
    }

    /// <summary>A compact ASCII string.</summary>
    public TargetAddress NewText(string value)
    {
        var state = layout.PyASCIIObject;
        var text = New("str", value.Length);
        var bits = 1u << state.state_kind_shift | 1u << state.state_compact_shift | 1u << state.state_ascii_shift;
        if (state.state_ready_shift != CPythonLayout.Absent)
            bits |= 1u << state.state_ready_shift;
        Memory.Write(text, state.length, (long)value.Length);
        Memory.Write(text, state.state, bits);
        Memory.WriteBytes(text + state.Size, Encoding.ASCII.GetBytes(value));
        return text;
    }

    /// <summary>An int of one digit: 1 to 2^30-1.</summary>
    public TargetAddress NewInt(uint value)
    {
        const long oneDigitTag = 1 << 3;
        var number = New("int", sizeof(uint));
        if (layout.PyLongObject.lv_tag != CPythonLayout.Absent)
            Memory.Write(number, layout.PyLongObject.lv_tag, oneDigitTag);
        else
            Memory.Write(number, layout.PyVarObject.ob_size, 1L);
        Memory.Write(number, layout.PyLongObject.ob_digit, value);
        return number;
    }

    /// <summary>A combined dict of at most five entries.</summary>
    public TargetAddress NewDict(params (TargetAddress Key, TargetAddress Value)[] entries)
    {
        var dict = New("dict");
        Memory.Write(dict, layout.PyDictObject.ma_used, (long)entries.Length);
        Memory.WritePointer(dict, layout.PyDictObject.ma_keys, NewKeys(entries));
        return dict;
    }

    private TargetAddress NewKeys((TargetAddress Key, TargetAddress Value)[] entries)
    {
        ref readonly var keys = ref layout.PyDictKeysObject;
        ref readonly var entry = ref layout.PyDictKeyEntry;
        var firstEntry = keys.dk_indices + DictCapacity;
        var address = Memory.Allocate(firstEntry + DictUsable * entry.Size);
        Memory.Write(address, keys.dk_refcnt, 1L);
        Memory.Write(address, keys.dk_usable, (long)(DictUsable - entries.Length));
        Memory.Write(address, keys.dk_nentries, (long)entries.Length);
        if (keys.dk_size != CPythonLayout.Absent)
            Memory.Write(address, keys.dk_size, (long)DictCapacity);
        else
        {
            Memory.Write(address, keys.dk_log2_size, (byte)Log2DictCapacity);
            Memory.Write(address, keys.dk_log2_index_bytes, (byte)Log2DictCapacity);
        }
        for (var i = 0; i < entries.Length; i++)
        {
            Memory.Write(address, keys.dk_indices + i, (byte)i);
            Memory.WritePointer(address, firstEntry + i * entry.Size + entry.me_key, entries[i].Key);
            Memory.WritePointer(address, firstEntry + i * entry.Size + entry.me_value, entries[i].Value);
        }
        return address;
    }

    private void WriteItems(TargetAddress storage, TargetAddress[] items)
    {
        for (var i = 0; i < items.Length; i++)
            Memory.WritePointer(storage, i * PointerSize, items[i]);
    }
}
