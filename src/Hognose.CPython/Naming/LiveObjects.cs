using Hognose.CPython.Objects;
using Hognose.CPython.Runtime;
using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Naming;

/// <summary>
/// A few objects of a process that runs on, by way of <see cref="LivePages"/>: the entries of a dict, an attribute of an instance, a short text, an int. Whatever
/// is read may be changing: every answer may be wrong, and none reads far.
/// </summary>
internal sealed unsafe class LiveObjects : IDisposable
{
    private const long MostBytes = 16 << 20;
    private const ulong MostTableBytes = 1 << 20;

    /// <summary>In front of an instance stand four words at most, behind it values.</summary>
    private const ulong Front = 48;
    private const ulong Instance = 1024;

    private readonly LivePages _pages;
    private readonly WalkContext _context;
    private readonly DictShape _dicts;
    private readonly ManagedDictReader? _managed;
    private readonly IPreHeader _preHeader;
    private readonly DictEntries _entries;
    private readonly UnicodeText _text;
    private readonly IntValues _ints;
    private readonly TypeOffsets _types;

    /// <exception cref="CannotContinueException">It has ended.</exception>
    public LiveObjects(TargetProcess process, PythonRuntime python, Limits limits)
    {
        _pages = new LivePages(process, limits, MostBytes);
        _context = new WalkContext(_pages.Memory, _pages.Regions, python.Layout, python.Build.Version, limits, new DiagnosticBag());
        (_dicts, _managed, _preHeader) = ReaderTable.AttributeReadersOf(_context);
        _entries = new DictEntries(_context, _dicts);
        _text = new UnicodeText(_context);
        _ints = new IntValues(_context);
        _types = new TypeOffsets(python.Layout);
    }

    public ulong Word(ulong address) => _pages.Bring(address, sizeof(ulong)) ? _context.Memory.U64(address) : 0;

    /// <summary>Of a dict; empty when there is none.</summary>
    public List<(ulong Key, ulong Value)> Entries(ulong dict)
    {
        if (dict == 0 || !_pages.Bring(dict, (ulong)_context.Layout.PyDictObject.Size) || !BringKeys(_context.Memory.U64(dict + (ulong)_dicts.MaKeys), out var keys))
            return [];
        if (_context.Memory.U64(dict + (ulong)_dicts.MaValues) is var split and not 0)
            _ = _pages.Bring(_dicts.ValuesOf(split), (ulong)keys.Count * sizeof(ulong));
        return _entries.Of(dict);
    }

    /// <summary>The value under a key that is a str; 0 when there is none.</summary>
    public ulong ValueOf(ulong dict, string key)
    {
        foreach (var (name, value) in Entries(dict))
            if (Text(name) == key)
                return value;
        return 0;
    }

    /// <summary>Null when it is no str.</summary>
    public string? Text(ulong text)
    {
        if (TypeOf(text) is not { } type || (type.Flags & TypeFlags.UnicodeSubclass) == 0)
            return null;
        _ = _pages.Bring(text, (ulong)(_context.Layout.PyUnicodeObject.Size + _context.Limits.NameBytes));
        // A str made by old C code keeps its characters apart (up to 3.11).
        if (_context.Memory.U64(text + (ulong)_context.Layout.PyUnicodeObject.data) is var data && data % sizeof(ulong) == 0)
            _ = _pages.Bring(data, (ulong)_context.Limits.NameBytes);
        return _text.Read(text);
    }

    /// <summary>Up to 60 bits of an int; 0 when it cannot be read.</summary>
    public ulong Number(ulong number) => number != 0 && _pages.Bring(number, _ints.Size) ? _ints.MagnitudeOf(number) : 0;

    /// <summary>What an instance of a Python class has under each of these names; 0 where it has none.</summary>
    public ulong[] Attributes(ulong instance, params ReadOnlySpan<string> names)
    {
        var values = new ulong[names.Length];
        if (TypeOf(instance) is not { } type || !_pages.Bring(instance - Front, Front + Instance))
            return values;
        if ((type.Flags & TypeFlags.ManagedDict) == 0 || _managed is null)
        {
            if (type.DictOffset > 0)
                Fill(Entries(_context.Memory.U64(instance + (ulong)type.DictOffset)), names, values);
            return values;
        }
        Fill(ValuesBeside(instance, type), names, values);
        Fill(Entries(_managed.DictOf(instance)), names, values);
        return values;
    }

    public void Dispose() => _pages.Dispose();

    private List<(ulong Key, ulong Value)> ValuesBeside(ulong instance, PyType type)
    {
        var found = new List<(ulong, ulong)>();
        _ = _pages.Bring(instance + (ulong)Math.Clamp(type.BasicSize, 0, (long)MostTableBytes), Instance);
        var values = _managed!.ValuesOf(instance, type);
        if (values == 0 || !BringKeys(Word(type.Address + (ulong)_context.Layout.PyHeapTypeObject.ht_cached_keys), out var keys))
            return found;
        _ = _pages.Bring(values, (ulong)keys.Count * sizeof(ulong));
        for (long i = 0; i < keys.Count; i++)
            found.Add((keys.Key(i), _context.Memory.U64(values + ((ulong)i * sizeof(ulong)))));
        return found;
    }

    private void Fill(List<(ulong Key, ulong Value)> entries, ReadOnlySpan<string> names, ulong[] values)
    {
        foreach (var (key, value) in entries)
            if (value != 0 && names.IndexOf(Text(key) ?? "") is var place and >= 0)
                values[place] = value;
    }

    private bool BringKeys(ulong address, out DictKeys keys)
    {
        keys = default;
        return _pages.Bring(address, (ulong)_context.Layout.PyDictKeysObject.dk_indices)
            && _dicts.TryKeys(address, out keys)
            && (ulong)keys.Bytes <= MostTableBytes
            && _pages.Bring(address, (ulong)keys.Bytes);
    }

    private PyType? TypeOf(ulong address)
    {
        var type = address == 0 ? 0 : Word(address + (ulong)_context.Layout.PyObject.ob_type);
        return type != 0 && _pages.Bring(type, (ulong)_types.Size) && _context.Memory.Translate(type, (ulong)_types.Size) is var at && at != null
            ? PyType.Read(at, _types, type, 0, _preHeader)
            : null;
    }
}
