namespace Hognose.Formats.Blocks;

/// <summary>
/// How much more than it takes a file's blocks hold once they are unpacked. zstd packs 32,768 equal bytes into one, so a file of kilobytes could claim
/// gigabytes; no writer's blocks are of equal bytes.
/// </summary>
internal struct Expansion
{
    /// <summary>Of a short file; in bytes.</summary>
    private const long Free = 4 << 20;

    /// <summary>Bytes unpacked for one of the file: 3,641 are reached by the references of [None] * n, 1,790 by the events of a loop.</summary>
    private const long MostOfColumns = 8192;

    /// <summary>The same of names, each of which is told once: below 5 of any program met.</summary>
    private const long MostOfNames = 256;

    private long _columns;
    private long _names;

    /// <param name="head">Of the next block.</param>
    /// <param name="end">Where it ends in the file.</param>
    /// <returns>false: no writer writes such a block.</returns>
    public bool TryAdd(in BlockHead head, long end)
    {
        if (head.Type is BlockType.Strings or BlockType.Frames or BlockType.Names or BlockType.Types)
            return (_names += head.PayloadLength) - Free <= end * MostOfNames;
        return (_columns += head.PayloadLength) - Free <= end * MostOfColumns;
    }
}
