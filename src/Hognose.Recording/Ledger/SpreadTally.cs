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
    public void Add(int domain, long size)
    {
        ref var bySize = ref _sizes[BitOperations.Log2((ulong)size)];
        bySize.Allocations++;
        bySize.Bytes += size;
        ref var byDomain = ref _domains[domain & (MaximumDomains - 1)];
        byDomain.Allocations++;
        byDomain.Bytes += size;
    }

    public List<SizeClass> Sizes()
    {
        var sizes = new List<SizeClass>();
        for (var exponent = 0; exponent < Classes; exponent++)
            if (_sizes[exponent].Allocations > 0)
                sizes.Add(new SizeClass(exponent, _sizes[exponent].Allocations, _sizes[exponent].Bytes));
        return sizes;
    }

    public List<DomainUsage> Domains()
    {
        var domains = new List<DomainUsage>();
        for (var domain = 0; domain < MaximumDomains; domain++)
            if (_domains[domain].Allocations > 0)
                domains.Add(new DomainUsage(domain, _domains[domain].Allocations, _domains[domain].Bytes));
        return domains;
    }
}
