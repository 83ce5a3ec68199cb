using System.Numerics;
using System.Runtime.CompilerServices;
using Hognose.Formats.Alloc;

namespace Hognose.Recording.Ledger;

/// <summary>Allocations by size and by allocator: one pair of counters for both.</summary>
internal sealed class SpreadTally
{
    private const int Classes = 64;
    private const int MaximumDomains = 16;

    /// <summary>By domain, then by size class: told apart only when asked, so that an allocation changes one pair.</summary>
    private readonly (long Allocations, long Bytes)[] _counts = new (long, long)[MaximumDomains * Classes];

    /// <summary>Of all: whole blocks or parts, as they were added.</summary>
    public (long Allocations, long Bytes) Total => Sum(first: 0, step: 1, _counts.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int domain, long size) => Add(domain, size, size, 1);

    /// <param name="domain">Of the block.</param>
    /// <param name="size">Bytes of the block.</param>
    /// <param name="bytes">That it stands for.</param>
    /// <param name="blocks">That it stands for, in parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int domain, long size, long bytes, long blocks)
    {
        ref var count = ref _counts[((domain & (MaximumDomains - 1)) * Classes) + BitOperations.Log2((ulong)size)];
        count.Allocations += blocks;
        count.Bytes += bytes;
    }

    /// <param name="wholeBlocks">From parts; null: blocks were counted whole.</param>
    public List<SizeClass> Sizes(Func<long, long>? wholeBlocks = null)
    {
        var sizes = new List<SizeClass>();
        for (var exponent = 0; exponent < Classes; exponent++)
            if (Sum(first: exponent, step: Classes, MaximumDomains) is { Allocations: > 0 } sum)
                sizes.Add(new SizeClass(exponent, wholeBlocks?.Invoke(sum.Allocations) ?? sum.Allocations, sum.Bytes));
        return sizes;
    }

    /// <param name="wholeBlocks">As above.</param>
    public List<DomainUsage> Domains(Func<long, long>? wholeBlocks = null)
    {
        var domains = new List<DomainUsage>();
        for (var domain = 0; domain < MaximumDomains; domain++)
            if (Sum(first: domain * Classes, step: 1, Classes) is { Allocations: > 0 } sum)
                domains.Add(new DomainUsage(domain, wholeBlocks?.Invoke(sum.Allocations) ?? sum.Allocations, sum.Bytes));
        return domains;
    }

    private (long Allocations, long Bytes) Sum(int first, int step, int count)
    {
        var sum = (Allocations: 0L, Bytes: 0L);
        for (var index = first; count > 0; index += step, count--)
            sum = (sum.Allocations + _counts[index].Allocations, sum.Bytes + _counts[index].Bytes);
        return sum;
    }
}
