using Hognose.Formats.Alloc.Events;
using Hognose.Formats.Ring;

namespace Hognose.Recording.Replay;

/// <summary>
/// What a told block stands for. One of s bytes is sampled with the probability p = 1 − e^(−s/mean), independently of all others, so that each counts
/// 1/p blocks and s/p bytes (Horvitz and Thompson 1952), and the variances of sums are estimated without bias by the sums of (1 − p)/p² and s²(1 − p)/p².
/// Whole numbers, since what an allocation adds its free must take away to the last bit: bytes, and parts of a block.
/// </summary>
/// <param name="MeanBytes">Bytes a sample on average; 0: every block is told, and stands for itself.</param>
public readonly record struct SampleWeights(long MeanBytes)
{
    private const int PartBits = 16;

    public bool IsSampled => MeanBytes > 0;

    /// <summary>Parts of one block.</summary>
    public long Block => IsSampled ? 1L << PartBits : 1;

    /// <summary>To whole blocks.</summary>
    public long Blocks(long parts) => IsSampled ? (parts + (1L << (PartBits - 1))) >> PartBits : parts;

    /// <summary>Bytes, and parts of blocks. Mappings are few and large: each is told.</summary>
    public (long Bytes, long Parts) Of(in EventSite site)
    {
        if (!IsSampled || site.Domain == (byte)AllocatorDomain.Mapping)
            return (site.Size, Block);
        var probability = Probability(SizeOf(in site));
        return ((long)Math.Round(SizeOf(in site) / probability), (long)Math.Round(Block / probability));
    }

    /// <summary>How many blocks of its size a told one stands for; no mapping.</summary>
    public double StandsFor(long size) => IsSampled ? 1 / Probability(Math.Max(1, size)) : 1;

    /// <summary>What a block adds to the variances of bytes and of blocks.</summary>
    public (double Bytes, double Blocks) VarianceOf(in EventSite site)
    {
        if (!IsSampled || site.Domain == (byte)AllocatorDomain.Mapping)
            return (0, 0);
        var probability = Probability(SizeOf(in site));
        var blocks = (1 - probability) / (probability * probability);
        return (SizeOf(in site) * SizeOf(in site) * blocks, blocks);
    }

    // Of a block of no bytes there is no sample; events may say anything.
    private static double SizeOf(in EventSite site) => Math.Max(1, site.Size);

    // Not Math.Exp(x) − 1, which has no digits left for a small block.
    private double Probability(double size)
    {
        var x = size / MeanBytes;
        return x < 1e-5 ? x * (1 - (x / 2)) : 1 - Math.Exp(-x);
    }
}
