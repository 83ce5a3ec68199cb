namespace Hognose.Formats.Alloc;

/// <summary>Four ASCII letters, little-endian. A reader skips the types it does not know.</summary>
public enum BlockType : uint
{
    None = 0,
    Facts = 'F' | ('A' << 8) | ('C' << 16) | ('T' << 24),
    Strings = 'S' | ('T' << 8) | ('R' << 16) | ('S' << 24),
    Frames = 'F' | ('R' << 8) | ('M' << 16) | ('S' << 24),
    Stacks = 'S' | ('T' << 8) | ('K' << 16) | ('S' << 24),
    Usage = 'U' | ('S' << 8) | ('E' << 16) | ('S' << 24),
    Timeline = 'T' | ('I' << 8) | ('M' << 16) | ('E' << 24),
    End = 'E' | ('N' << 8) | ('D' << 16) | ('.' << 24),
}
