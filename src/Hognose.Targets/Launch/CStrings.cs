using System.Runtime.InteropServices;

namespace Hognose.Targets.Launch;

/// <summary>An array of C strings that ends with null, as exec takes it. Owns the strings it was given as bytes, not those given by address.</summary>
internal sealed unsafe class CStrings : IDisposable
{
    private readonly List<nint> _entries = [];
    private readonly List<nint> _owned = [];
    private byte** _array;

    public void Add(ReadOnlySpan<byte> text)
    {
        var copy = (byte*)NativeMemory.Alloc((nuint)text.Length + 1);
        text.CopyTo(new Span<byte>(copy, text.Length));
        copy[text.Length] = 0;
        _owned.Add((nint)copy);
        _entries.Add((nint)copy);
    }

    public void AddBorrowed(byte* text) => _entries.Add((nint)text);

    public byte** ToArray()
    {
        _array = (byte**)NativeMemory.Realloc(_array, (nuint)(_entries.Count + 1) * (nuint)sizeof(byte*));
        for (var i = 0; i < _entries.Count; i++)
            _array[i] = (byte*)_entries[i];
        _array[_entries.Count] = null;
        return _array;
    }

    public void Dispose()
    {
        foreach (var text in _owned)
            NativeMemory.Free((void*)text);
        NativeMemory.Free(_array);
        _owned.Clear();
        _array = null;
    }
}
