using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>Constants of <c>*.alloc</c>; the drawing and the reasons are in docs/formats/alloc.md.</summary>
public static class AllocFormat
{
    public const uint CurrentVersion = 1;

    /// <summary>Entries (strings, frames, stacks, moments) of one kind that a reader accepts.</summary>
    public const int MaximumEntries = 1 << 26;

    internal static FileWords Words { get; } = new("recording", "a file that 'hognose run' wrote (*.alloc)", "record again", "hognose show");

    // As PNG's: a byte above 127 (no text), a name for people, CR LF (a transfer as text is noticed), Ctrl-Z (stops "type" on Windows).
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'H', (byte)'G', (byte)'N', (byte)'A', (byte)'\r', (byte)'\n', 0x1A];
}
