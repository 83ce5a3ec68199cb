namespace Hognose.Formats.Blocks;

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
    Types = 'T' | ('Y' << 8) | ('P' << 16) | ('E' << 24),
    Names = 'N' | ('A' << 8) | ('M' << 16) | ('E' << 24),
    Nodes = 'N' | ('O' << 8) | ('D' << 16) | ('E' << 24),
    Edges = 'E' | ('D' << 8) | ('G' << 16) | ('E' << 24),
    Roots = 'R' | ('O' << 8) | ('O' << 16) | ('T' << 24),
    HeldByFrames = 'H' | ('F' << 8) | ('R' << 16) | ('M' << 24),
    Holders = 'H' | ('O' << 8) | ('L' << 16) | ('D' << 24),
    OwnNames = 'O' | ('W' << 8) | ('N' << 16) | ('N' << 24),
    Trouble = 'T' | ('R' << 8) | ('B' << 16) | ('L' << 24),
    Contents = 'C' | ('O' << 8) | ('N' << 16) | ('T' << 24),
    Threads = 'T' | ('H' << 8) | ('R' << 16) | ('D' << 24),
    Collectors = 'G' | ('C' << 8) | ('S' << 16) | ('T' << 24),
    Mappings = 'S' | ('M' << 8) | ('A' << 16) | ('P' << 24),
    Resident = 'R' | ('E' << 8) | ('S' << 16) | ('I' << 24),
    Pools = 'P' | ('Y' << 8) | ('M' << 16) | ('A' << 24),
    WeakTargets = 'W' | ('E' << 8) | ('A' << 16) | ('K' << 24),
    Suspended = 'S' | ('U' << 8) | ('S' << 16) | ('P' << 24),
    Values = 'V' | ('A' << 8) | ('L' << 16) | ('U' << 24),
    End = 'E' | ('N' << 8) | ('D' << 16) | ('.' << 24),
}
