using System.Numerics;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Types;

/// <summary>
/// Every type met so far, by address. A word is a type when what it points to has a metatype, a sane instance size and a method
/// resolution order that begins with itself; without the last test stray words make bogus types.
/// </summary>
internal sealed unsafe class TypeCatalog
{
    private const int MetatypeDepth = 8;
    private const int MaxTypes = 1 << 22;
    private const int RejectedSlots = 1 << 14;
    private const int FirstKeys = 4096;

    private readonly WalkContext _context;
    private readonly TypeOffsets _offsets;
    private readonly IPreHeader _preHeader;
    private readonly List<PyType> _types = [];
    private readonly ulong[] _rejected = new ulong[RejectedSlots];
    private ulong[] _keys = new ulong[FirstKeys];
    private int _homeShift = 64 - BitOperations.Log2(FirstKeys);
    private int[] _values = new int[FirstKeys];

    public TypeCatalog(WalkContext context, IPreHeader preHeader)
    {
        _context = context;
        _preHeader = preHeader;
        _offsets = new TypeOffsets(context.Layout);
    }

    public IReadOnlyList<PyType> Types => _types;

    /// <summary>Called for each type when it is first met; before that (the survey of the collector's lists) types stay unresolved.</summary>
    public Action<PyType>? Resolve { get; set; }

    public PyType this[int index] => _types[index];

    /// <summary>The type at an address; null when there is none.</summary>
    public PyType? Find(ulong address)
    {
        var mask = (ulong)_keys.Length - 1;
        for (var slot = Home(address); _keys[slot] != 0; slot = (slot + 1) & mask)
            if (_keys[slot] == address)
                return _types[_values[slot]];
        if (address < 4096 || (address & 7) != 0 || _rejected[(address >> 3) & (RejectedSlots - 1)] == address)
            return null;
        return Meet(address);
    }

    /// <summary>The type of an object that was taken in already. Only reads, so that workers may share the catalog.</summary>
    /// <exception cref="InvalidOperationException">It was never met.</exception>
    public PyType Known(ulong address)
    {
        var mask = (ulong)_keys.Length - 1;
        for (var slot = Home(address); _keys[slot] != 0; slot = (slot + 1) & mask)
            if (_keys[slot] == address)
                return _types[_values[slot]];
        throw new InvalidOperationException($"no type at 0x{address:x}");
    }

    public void ResolveAll()
    {
        for (var i = 0; i < _types.Count; i++)
            ResolveOnce(_types[i]);
    }

    public bool IsType(ulong address) => Find(address) != null;

    /// <summary>True when instances of this type are types.</summary>
    public static bool IsMetatype(PyType type) => (type.Flags & TypeFlags.TypeSubclass) != 0;

    /// <summary>The upper bits of the product (Fibonacci hashing: Knuth, vol. 3, 6.4): those in the middle let what lies at even distances collide.</summary>
    private ulong Home(ulong address) => (address >> 4) * 0x9E3779B97F4A7C15 >> _homeShift;

    private PyType? Meet(ulong address)
    {
        if (_types.Count >= MaxTypes || !LooksLikeType(address, MetatypeDepth))
        {
            _rejected[(address >> 3) & (RejectedSlots - 1)] = address;
            return null;
        }
        var type = PyType.Read(_context.Memory.Translate(address, (ulong)_offsets.Size), _offsets, address, _types.Count, _preHeader);
        _types.Add(type);
        Insert(address, type.Index);
        if (_types.Count * 2 > _keys.Length)
            Rehash();
        ResolveOnce(type);
        return type;
    }

    private void ResolveOnce(PyType type)
    {
        if (Resolve == null || type.IsResolved)
            return;
        type.IsResolved = true;
        Resolve(type);
    }

    private bool LooksLikeType(ulong address, int depth)
    {
        var at = _context.Memory.Translate(address, (ulong)_offsets.Size);
        if (at == null || depth == 0)
            return false;
        var basicSize = *(long*)(at + _offsets.BasicSize);
        var itemSize = *(long*)(at + _offsets.ItemSize);
        if (basicSize is < 16 or > 1 << 24 || itemSize is < 0 or > 1 << 20)
            return false;
        var mro = *(ulong*)(at + _offsets.Mro);
        if (mro == 0)
            return IsUnreadyStaticType(at, address);
        if (_context.Memory.U64(mro + (ulong)_offsets.TupleItems) != address)
            return false;
        var metatype = *(ulong*)(at + _offsets.ObType);
        return IsMetatypeAt(metatype, address, depth);
    }

    /// <summary>
    /// A static type that nobody called PyType_Ready on has no method resolution order, yet may have instances
    /// (<c>async_generator_athrow</c>, <c>_lru_list_elem</c> up to 3.9): it must lie in a binary and be named.
    /// </summary>
    private bool IsUnreadyStaticType(byte* at, ulong address)
    {
        var flags = *(ulong*)(at + _offsets.Flags);
        if ((flags & (TypeFlags.Ready | TypeFlags.HeapType)) != 0 || !_context.IsInImage(address))
            return false;
        return _context.IsInImage(*(ulong*)(at + _offsets.Dealloc)) && IsIdentifier(*(ulong*)(at + _offsets.Name));
    }

    private bool IsIdentifier(ulong text) =>
        _context.IsInImage(text)
        && _context.Memory.CString(text, _context.Limits.NameBytes) is { } name
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or ' ' or '-');

    private bool IsMetatypeAt(ulong metatype, ulong of, int depth)
    {
        if (metatype == 0 || (metatype & 7) != 0)
            return false;
        var flags = _context.Memory.U64(metatype + (ulong)_offsets.Flags);
        if ((flags & TypeFlags.TypeSubclass) == 0)
            return false;
        return metatype == of || LooksLikeType(metatype, depth - 1);
    }

    private void Insert(ulong address, int index)
    {
        var mask = (ulong)_keys.Length - 1;
        var slot = Home(address);
        while (_keys[slot] != 0)
            slot = (slot + 1) & mask;
        _keys[slot] = address;
        _values[slot] = index;
    }

    private void Rehash()
    {
        _keys = new ulong[_keys.Length * 2];
        _homeShift--;
        _values = new int[_keys.Length];
        foreach (var type in _types)
            Insert(type.Address, type.Index);
    }
}
