namespace Hognose.CPython.Objects;

/// <summary><c>PyASCIIObject.state</c> (Include/cpython/unicodeobject.h), where these bits have stood from 3.8 to 3.15.</summary>
internal readonly struct TextState(uint bits)
{
    /// <summary>Bytes a character.</summary>
    public int Kind => (int)(bits >> 2 & 7);

    /// <summary>Characters follow the header.</summary>
    public bool IsCompact => (bits >> 5 & 1) != 0;

    public bool IsAscii => (bits >> 6 & 1) != 0;
}
