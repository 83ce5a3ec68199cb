namespace Hognose.Diagnostics;

/// <summary>Every bound on what is believed of a target or a file. Hostile input meets a limit, never memory or time without end.</summary>
public sealed record Limits
{
    public static Limits Default { get; } = new();

    /// <summary>Objects of one heap; ids are 32-bit.</summary>
    public int Objects { get; init; } = int.MaxValue - 64;

    /// <summary>Items of one container followed by a walk.</summary>
    public long ItemsPerObject { get; init; } = 1L << 32;

    /// <summary>Bytes of a name (type, function, file) copied out of a target.</summary>
    public int NameBytes { get; init; } = 4096;

    /// <summary>Bases, frames or any chain of one object.</summary>
    public int ChainLength { get; init; } = 1 << 20;

    /// <summary>Interpreters and threads of one process.</summary>
    public int Threads { get; init; } = 1 << 16;

    /// <summary>Mappings of one process.</summary>
    public int Mappings { get; init; } = 1 << 20;
}
