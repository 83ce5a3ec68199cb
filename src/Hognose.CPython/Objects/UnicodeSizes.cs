using Hognose.CPython.Types;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Objects;

/// <summary><c>str.__sizeof__</c> (Objects/unicodeobject.c, unicode_sizeof): struct sizes, whatever the subclass's basic size.</summary>
internal unsafe class UnicodeSize_3_12(WalkContext context) : SizeReader
{
    private readonly int _state = context.Layout.PyASCIIObject.state;
    private readonly int _length = context.Layout.PyASCIIObject.length;
    private readonly int _utf8 = context.Layout.PyCompactUnicodeObject.utf8;
    private readonly int _utf8Length = context.Layout.PyCompactUnicodeObject.utf8_length;
    private readonly int _data = context.Layout.PyUnicodeObject.data;
    private readonly int _asciiSize = context.Layout.PyASCIIObject.Size;
    private readonly int _compactSize = context.Layout.PyCompactUnicodeObject.Size;
    private readonly int _fullSize = context.Layout.PyUnicodeObject.Size;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var state = new TextState(*(uint*)(at + _state));
        var length = *(long*)(at + _length);
        if (state.IsAscii && state.IsCompact)
            return _asciiSize + length + 1 + ExtraOf(at, address + (ulong)_asciiSize);
        var kind = state.Kind;
        var data = state.IsCompact ? address + (ulong)_compactSize : *(ulong*)(at + _data);
        long size = state.IsCompact ? _compactSize : _fullSize;
        if (data != 0)
            size += (length + 1) * kind;
        var utf8 = *(ulong*)(at + _utf8);
        if (utf8 != 0 && utf8 != data)
            size += *(long*)(at + _utf8Length) + 1;
        return size + ExtraOf(at, data);
    }

    /// <param name="at">The string.</param>
    /// <param name="data">Where its characters stand.</param>
    protected virtual long ExtraOf(byte* at, ulong data) => 0;
}

/// <summary>Up to 3.11 a string may carry a copy as <c>wchar_t</c>, four bytes each.</summary>
internal sealed unsafe class UnicodeSize_3_8(WalkContext context) : UnicodeSize_3_12(context)
{
    private readonly int _wstr = context.Layout.PyASCIIObject.wstr;
    private readonly int _wstrLength = context.Layout.PyCompactUnicodeObject.wstr_length;
    private readonly int _length = context.Layout.PyASCIIObject.length;
    private readonly int _state = context.Layout.PyASCIIObject.state;

    protected override long ExtraOf(byte* at, ulong data)
    {
        var wstr = *(ulong*)(at + _wstr);
        if (wstr == 0 || wstr == data)
            return 0;
        var state = new TextState(*(uint*)(at + _state));
        return (*(long*)(at + (state.IsCompact && state.IsAscii ? _length : _wstrLength)) + 1) * 4;
    }
}
