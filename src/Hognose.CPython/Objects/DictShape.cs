using Hognose.CPython.Walk;

namespace Hognose.CPython.Objects;

/// <summary>The table behind a dict: entries in insertion order, each with a key and, unless the values stand apart, a value.</summary>
internal unsafe struct DictKeys
{
    public byte* Entries;
    public long Count;

    /// <summary>Entries that can still be added; with <see cref="Count"/> the capacity of the table.</summary>
    public long Usable;
    public int EntrySize;
    public int KeyOffset;
    public int ValueOffset;

    /// <summary>Keys may be any object: <c>tp_traverse</c> visits them.</summary>
    public bool IsGeneral;

    /// <summary>Bytes of the whole table, indices included.</summary>
    public long Bytes;
    public long ReferenceCount;

    public readonly ulong Key(long i) => *(ulong*)(Entries + i * EntrySize + KeyOffset);

    public readonly ulong Value(long i) => *(ulong*)(Entries + i * EntrySize + ValueOffset);
}

/// <summary>How one generation of CPython lays out dict tables.</summary>
internal abstract unsafe class DictShape(WalkContext context)
{
    protected WalkContext Context => context;

    public int MaKeys { get; } = context.Layout.PyDictObject.ma_keys;

    public int MaValues { get; } = context.Layout.PyDictObject.ma_values;

    public int MaUsed { get; } = context.Layout.PyDictObject.ma_used;

    /// <summary>Reads the table's header; false when it cannot be a table.</summary>
    public abstract bool TryKeys(ulong address, out DictKeys keys);

    /// <summary>The array of values behind <c>ma_values</c>.</summary>
    public abstract ulong ValuesOf(ulong maValues);

    /// <summary>True when the values stand within an instance that owns them.</summary>
    public virtual bool AreEmbedded(ulong maValues) => false;

    /// <summary>Bytes that <c>dict.__sizeof__</c> counts for separate values.</summary>
    public abstract long ValuesSize(in DictKeys keys);
}

/// <summary>A power-of-two size, a look-up function that says what keys may be, entries of hash, key and value (Objects/dict-common.h).</summary>
internal sealed unsafe class DictShape_3_8(WalkContext context) : DictShape(context)
{
    private readonly int _refcount = context.Layout.PyDictKeysObject.dk_refcnt;
    private readonly int _size = context.Layout.PyDictKeysObject.dk_size;
    private readonly int _lookup = context.Layout.PyDictKeysObject.dk_lookup;
    private readonly int _usable = context.Layout.PyDictKeysObject.dk_usable;
    private readonly int _entries = context.Layout.PyDictKeysObject.dk_nentries;
    private readonly int _indices = context.Layout.PyDictKeysObject.dk_indices;
    private readonly int _entrySize = context.Layout.PyDictKeyEntry.Size;
    private readonly int _key = context.Layout.PyDictKeyEntry.me_key;
    private readonly int _value = context.Layout.PyDictKeyEntry.me_value;
    private readonly int _objectType = context.Layout.PyObject.ob_type;
    private readonly int _typeFlags = context.Layout.PyTypeObject.tp_flags;

    /// <summary>The address of <c>lookdict</c> in the target, which serves tables with keys of any type.</summary>
    public ulong GeneralLookup { get; private set; }

    /// <summary>Remembers the look-up function of a dict whose first key is no string: every interpreter has some.</summary>
    public void Learn(ulong address, Types.PyType type)
    {
        if (GeneralLookup != 0 || (type.Flags & Types.TypeFlags.DictSubclass) == 0)
            return;
        var table = Context.Memory.U64(address + (ulong)MaKeys);
        if (!TryKeys(table, out var keys) || keys.Count == 0 || keys.Key(0) == 0)
            return;
        var keyType = Context.Memory.U64(keys.Key(0) + (ulong)_objectType);
        var flags = keyType == 0 ? 0 : Context.Memory.U64(keyType + (ulong)_typeFlags);
        if (flags != 0 && (flags & Types.TypeFlags.UnicodeSubclass) == 0)
            GeneralLookup = Context.Memory.U64(table + (ulong)_lookup);
    }

    public override bool TryKeys(ulong address, out DictKeys keys)
    {
        keys = default;
        var at = Context.Memory.Translate(address, (ulong)_indices);
        if (at == null)
            return false;
        var size = *(long*)(at + _size);
        var count = *(long*)(at + _entries);
        if (size < 1 || size > Context.MaxItems || (size & (size - 1)) != 0 || count < 0 || count > size)
            return false;
        var indices = size * (size <= 0xff ? 1 : size <= 0xffff ? 2 : size <= 0xffffffff ? 4 : 8);
        keys = new DictKeys
        {
            Count = count,
            Usable = *(long*)(at + _usable),
            EntrySize = _entrySize,
            KeyOffset = _key,
            ValueOffset = _value,
            IsGeneral = *(ulong*)(at + _lookup) == GeneralLookup,
            Bytes = _indices + indices + (size << 1) / 3 * _entrySize,
            ReferenceCount = *(long*)(at + _refcount),
            Entries = count == 0 ? at : Context.Items(address + (ulong)(_indices + indices), count, _entrySize),
        };
        return keys.Entries != null;
    }

    public override ulong ValuesOf(ulong maValues) => maValues;

    // USABLE_FRACTION(dk_size) words.
    public override long ValuesSize(in DictKeys keys) => (keys.Usable + keys.Count) * 8;
}

/// <summary>Two logarithms and a kind; tables of strings leave out the hash (gh-90043).</summary>
internal unsafe class DictShape_3_11(WalkContext context) : DictShape(context)
{
    private const int General = 0;

    private readonly int _refcount = context.Layout.PyDictKeysObject.dk_refcnt;
    private readonly int _log2Size = context.Layout.PyDictKeysObject.dk_log2_size;
    private readonly int _log2IndexBytes = context.Layout.PyDictKeysObject.dk_log2_index_bytes;
    private readonly int _kind = context.Layout.PyDictKeysObject.dk_kind;
    private readonly int _usable = context.Layout.PyDictKeysObject.dk_usable;
    private readonly int _entries = context.Layout.PyDictKeysObject.dk_nentries;
    private readonly int _indices = context.Layout.PyDictKeysObject.dk_indices;
    private readonly int _generalSize = context.Layout.PyDictKeyEntry.Size;
    private readonly int _generalKey = context.Layout.PyDictKeyEntry.me_key;
    private readonly int _generalValue = context.Layout.PyDictKeyEntry.me_value;
    private readonly int _unicodeSize = context.Layout.PyDictUnicodeEntry.Size;
    private readonly int _unicodeKey = context.Layout.PyDictUnicodeEntry.me_key;
    private readonly int _unicodeValue = context.Layout.PyDictUnicodeEntry.me_value;

    public override bool TryKeys(ulong address, out DictKeys keys)
    {
        const int maxLog2 = 40;
        keys = default;
        var at = Context.Memory.Translate(address, (ulong)_indices);
        if (at == null)
            return false;
        var log2 = at[_log2Size];
        var indexLog2 = at[_log2IndexBytes];
        var count = *(long*)(at + _entries);
        if (log2 > maxLog2 || indexLog2 > maxLog2 + 3 || count < 0 || count > 1L << log2)
            return false;
        var isGeneral = at[_kind] == General;
        var entrySize = isGeneral ? _generalSize : _unicodeSize;
        keys.Count = count;
        keys.Usable = *(long*)(at + _usable);
        keys.EntrySize = entrySize;
        keys.KeyOffset = isGeneral ? _generalKey : _unicodeKey;
        keys.ValueOffset = isGeneral ? _generalValue : _unicodeValue;
        keys.IsGeneral = isGeneral;
        keys.Bytes = _indices + (1L << indexLog2) + (2L << log2) / 3 * entrySize;
        keys.ReferenceCount = *(long*)(at + _refcount);
        keys.Entries = count == 0 ? at : Context.Items(address + (ulong)_indices + (1ul << indexLog2), count, entrySize);
        return keys.Entries != null;
    }

    public override ulong ValuesOf(ulong maValues) => maValues;

    public override long ValuesSize(in DictKeys keys) => (keys.Usable + keys.Count) * 8;
}

/// <summary>Values carry a header, and may stand within an instance (gh-115776).</summary>
internal sealed unsafe class DictShape_3_13(WalkContext context) : DictShape_3_11(context)
{
    private readonly int _values = context.Layout.DictValues.values;
    private readonly int _embedded = context.Layout.DictValues.embedded;

    public override ulong ValuesOf(ulong maValues) => maValues + (ulong)_values;

    public override bool AreEmbedded(ulong maValues) => Context.Memory.U8(maValues + (ulong)_embedded) == 1;
}
