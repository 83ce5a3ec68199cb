namespace Hognose.Recording.Ledger;

/// <summary>What one thread allocated.</summary>
internal struct ThreadTally
{
    /// <summary>Address of its last allocation while that lives.</summary>
    public ulong Last;
    public long Allocations;
    public long Bytes;
    public long LiveBytes;
}
