using System.Text;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Objects;

/// <summary>The characters of a str of the target.</summary>
internal sealed unsafe class UnicodeText(WalkContext context)
{
    private readonly int _state = context.Layout.PyASCIIObject.state;
    private readonly int _length = context.Layout.PyASCIIObject.length;
    private readonly int _data = context.Layout.PyUnicodeObject.data;
    private readonly int _asciiSize = context.Layout.PyASCIIObject.Size;
    private readonly int _compactSize = context.Layout.PyCompactUnicodeObject.Size;
    private readonly int _fullSize = context.Layout.PyUnicodeObject.Size;

    /// <summary>The text, cut at <see cref="Diagnostics.Limits.NameBytes"/>; null when it cannot be read.</summary>
    public string? Read(ulong address)
    {
        var at = context.Memory.Translate(address, (ulong)_fullSize);
        if (at == null)
            return null;
        var state = new TextState(*(uint*)(at + _state));
        var kind = state.Kind;
        var data = !state.IsCompact ? *(ulong*)(at + _data) : address + (ulong)(state.IsAscii ? _asciiSize : _compactSize);
        var length = Math.Min(*(long*)(at + _length), context.Limits.NameBytes / 4);
        if (length == 0)
            return "";
        var bytes = context.Items(data, length, kind is 1 or 2 or 4 ? kind : 1);
        if (bytes == null)
            return null;
        return kind switch
        {
            1 => Encoding.Latin1.GetString(bytes, (int)length),
            2 => new string((char*)bytes, 0, (int)length),
            4 => Encoding.UTF32.GetString(bytes, (int)length * 4),
            _ => null,
        };
    }
}
