using System.Numerics;
using System.Runtime.CompilerServices;
using Hognose.Formats.Alloc;

namespace Hognose.Recording.Ledger;

/// <summary>Allocations by size and by allocator: two counters each.</summary>
internal sealed class SpreadTally
{
    private const int Classes = 64;
    private const int MaximumDomains = 16;

    private readonly (long Allocations, long Bytes)[] _sizes = new (long, long)[Classes];
    private readonly (long Allocations, long Bytes)[] _domains = new (long, long)[MaximumDomains];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int domain, long size) => Add(domain, size, size, 1);

    /// <param name="domain">Of the block.</param>
    /// <param name="size">Bytes of the block.</param>
    /// <param name="bytes">That it stands for.</param>
    /// <param name="blocks">That it stands for, in parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int domain, long size, long bytes, long blocks)
    {
        ref var bySize = ref _sizes[BitOperations.Log2((ulong)size)];
        bySize.Allocations += blocks;
        bySize.Bytes += bytes;
        ref var byDomain = ref _domains[domain & (MaximumDomains - 1)];
        byDomain.Allocations += blocks;
        byDomain.Bytes += bytes;
    }

    /// <param name="wholeBlocks">From parts; null: blocks were counted whole.</param>
    public List<SizeClass> Sizes(Func<long, long>? wholeBlocks = null)
    {
        var sizes = new List<SizeClass>();
        for (var exponent = 0; exponent < Classes; exponent++)
            if (_sizes[exponent].Allocations > 0)
                sizes.Add(new SizeClass(exponent, wholeBlocks?.Invoke(_sizes[exponent].Allocations) ?? _sizes[exponent].Allocations, _sizes[exponent].Bytes));
        return sizes;
    }

    /// <param name="wholeBlocks">As above.</param>
    public List<DomainUsage> Domains(Func<long, long>? wholeBlocks = null)
    {
        var domains = new List<DomainUsage>();
        for (var domain = 0; domain < MaximumDomains; domain++)
            if (_domains[domain].Allocations > 0)
                domains.Add(new DomainUsage(domain, wholeBlocks?.Invoke(_domains[domain].Allocations) ?? _domains[domain].Allocations, _domains[domain].Bytes));
        return domains;
    }
}
