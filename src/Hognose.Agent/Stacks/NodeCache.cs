using System.Runtime.CompilerServices;

namespace Hognose.Agent.Stacks;

/// <summary>
/// From a frame's code and instruction under its caller's node to its own node: the few that a loop runs through, so that they are found in one cache
/// line instead of two hash tables. Only frames that Python shows are kept. The caller holds the lock.
/// </summary>
internal static unsafe class NodeCache
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CachedNode* Place(AgentData* agent, nint code, long instruction, uint caller) =>
        (CachedNode*)agent->NodeCache.Places
        + ((((ulong)instruction + ((ulong)code >> 4) + ((ulong)caller << 20)) * 0x9E3779B97F4A7C15) >> NodeCacheData.HashShift);

    /// <summary>A code object died: its address may soon be another's.</summary>
    public static void Clear(AgentData* agent) => Libc.memset(agent->NodeCache.Places, 0, (nuint)sizeof(NodeCacheData));
}

internal unsafe struct NodeCacheData
{
    /// <summary>512 places of 24 bytes. Of 84 stacks (21 frames that recurse, four sites each) 1 - (127/128)^83, nearly half, shared a place with another when there were 128.</summary>
    public const int HashShift = 64 - 9;
    private const int Words = 512 * 3;

    public fixed ulong Places[Words];
}

internal struct CachedNode
{
    /// <summary>0: the place is free; no frame is without code.</summary>
    public nint Code;

    /// <summary>The raw field of the frame, as in <see cref="RememberedFrame.Instruction"/>.</summary>
    public long Instruction;
    public uint Caller;

    public uint Node;
}
