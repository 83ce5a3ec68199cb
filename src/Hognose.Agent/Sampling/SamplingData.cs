using System.Runtime.CompilerServices;

namespace Hognose.Agent.Sampling;

/// <summary>What sampling knows; part of <see cref="AgentData"/>.</summary>
internal unsafe struct SamplingData
{
    public const int StripeCount = 16;
    private const int WordsPerLine = 8;
    private const int FilterBits = 15;

    /// <summary>Bytes to the next sample of calls that hold the GIL: the object and mem domains. Processes of points over parts of the bytes are one over all.</summary>
    public long Left;

    /// <summary>Stack address of the small allocation under way; 0: none is. Where interpreters hold a GIL each, one may take another's away, and a table of pymalloc's may be told.</summary>
    public nuint Inside;

    /// <summary>
    /// How many sampled blocks and known thread states have an address of this index; 255 stays. What is 0 here, nearly every block, is freed without another look.
    /// Never given back: hooks that a recording left behind below somebody's look at it.
    /// </summary>
    public byte* Filter;

    /// <summary>Bool; 0: every block is told.</summary>
    public int IsOn;

    /// <summary>Bytes a sample, on average.</summary>
    public double Mean;
    public ulong Random;

    /// <summary>Addresses of sampled blocks: open addressing, 0 is free.</summary>
    public nint* Slots;
    public uint Mask;
    public uint Count;

    /// <summary>Bytes to the next sample of calls without the GIL, a cache line a stripe.</summary>
    public fixed long Stripes[StripeCount * WordsPerLine];

    public const nuint FilterBytes = 1 << FilterBits;

    /// <summary>Neighbours stay neighbours: what a program frees together is then found in few lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Index(void* block) => (((nuint)block >> 4) ^ ((nuint)block >> (4 + FilterBits))) & (FilterBytes - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long* StripeOf(AgentData* agent, void* stack)
    {
        const int ThreadStackShift = 23;
        const int GranuleShift = 16;
        var stripe = (((nuint)stack >> GranuleShift) ^ ((nuint)stack >> ThreadStackShift)) % StripeCount;
        return (long*)Unsafe.AsPointer(ref agent->Sampling.Stripes[stripe * WordsPerLine]);
    }
}
