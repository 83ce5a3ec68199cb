namespace Hognose.Recording.Ring;

/// <summary>How much the agent may write of stacks. When either is full the recording goes on, and counts what found no room.</summary>
/// <param name="Nodes">Frames in the trie, 12 bytes each.</param>
/// <param name="CodeBytes">Descriptions of code objects: names and line tables.</param>
public readonly record struct StackRoom(ulong Nodes, ulong CodeBytes)
{
    /// <summary>All that the region has: 96 MiB and 128 MiB of address space.</summary>
    public static StackRoom Whole { get; } = new(RingShape.Nodes, RingShape.CodeBytes);
}
