namespace Hognose.Formats.Alloc;

/// <summary>Constants of <c>*.alloc</c>; the drawing and the reasons are in docs/formats/alloc.md.</summary>
public static class AllocFormat
{
    public const uint CurrentVersion = 1;

    /// <summary>Bytes of the file's head: magic, version, checksum. Every later version keeps these.</summary>
    public const int HeadLength = 16;

    /// <summary>No block holds more than this before compression, so that a hostile length costs a bounded amount of memory.</summary>
    public const int MaximumPayload = 16 << 20;

    /// <summary>The writer ends a block once it holds this much.</summary>
    public const int UsualPayload = 1 << 20;

    /// <summary>Entries (strings, frames, stacks, moments) of one kind that a reader accepts.</summary>
    public const int MaximumEntries = 1 << 26;

    /// <summary>Characters of one string; the writer cuts what is longer.</summary>
    public const int MaximumCharacters = 1 << 16;

    // As PNG's: a byte above 127 (no text), a name for people, CR LF (a transfer as text is noticed), Ctrl-Z (stops "type" on Windows).
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'H', (byte)'G', (byte)'N', (byte)'A', (byte)'\r', (byte)'\n', 0x1A];
}
