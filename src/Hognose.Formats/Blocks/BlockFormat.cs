namespace Hognose.Formats.Blocks;

/// <summary>What the files of blocks (<c>*.alloc</c>, <c>*.heap</c>) have in common; the drawing is in docs/formats/alloc.md.</summary>
public static class BlockFormat
{
    /// <summary>Bytes of the file's head: magic, version, checksum. Every later version keeps these.</summary>
    public const int HeadLength = 16;

    /// <summary>No block holds more than this before compression, so that a hostile length costs a bounded amount of memory.</summary>
    public const int MaximumPayload = 16 << 20;

    /// <summary>The writer ends a block once it holds this much.</summary>
    public const int UsualPayload = 1 << 20;

    /// <summary>Characters of one string; the writer cuts what is longer.</summary>
    public const int MaximumCharacters = 1 << 16;
}

/// <summary>What a reader says of a file of one kind.</summary>
/// <param name="Kind">What the file should be: "recording".</param>
/// <param name="Origin">Who wrote it: "a file that 'hognose run' wrote (*.alloc)".</param>
/// <param name="Again">How to get another: "record again".</param>
/// <param name="Command">That answers about such files: "hognose show".</param>
internal sealed record FileWords(string Kind, string Origin, string Again, string Command)
{
    public string Remedy => Again + ", or copy the file again if it came from elsewhere";
}
