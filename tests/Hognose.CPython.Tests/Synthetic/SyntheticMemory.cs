using System.Runtime.CompilerServices;
using System.Text;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Tests.Synthetic;

/// <summary>A made-up address space of one writable mapping, filled from its start upwards, and below it one that was hardly touched.</summary>
internal sealed unsafe class SyntheticMemory : IDisposable
{
    private const ulong SparseLow = 0x1000_0000_0000;
    private const ulong Page = 4096;
    private const ulong Low = 0x7f10_0000_0000;
    private const ulong Length = 16 << 20;
    private const ulong Alignment = 16;

    private ulong _next = Low + Alignment;

    /// <param name="sparseBytes">How long the second mapping is, of which the last page alone is there; 0: there is none.</param>
    public SyntheticMemory(ulong sparseBytes = 0)
    {
        var all = Region(Low, Low + Length, Low);
        Regions = sparseBytes == 0 ? [all] : [Region(SparseLow, SparseLow + sparseBytes, SparseLow + sparseBytes - Page), all];
        Frozen = new FrozenMemory(Regions.Select(region => (region.Low, region.High)));
    }

    public FrozenMemory Frozen { get; }

    public IReadOnlyList<MemoryRegion> Regions { get; }

    private static MemoryRegion Region(ulong low, ulong high, ulong firstPresent) => new(
        new TargetAddress(low), new TargetAddress(high), RegionKind.Anonymous, MappingAccess.Read | MappingAccess.Write, "",
        [new PageRun(firstPresent, high)], IsImage: false, IsCopied: true);

    /// <summary>Zeroed bytes at a multiple of 16.</summary>
    public TargetAddress Allocate(int bytes)
    {
        var address = _next;
        _next = (_next + (ulong)bytes + Alignment - 1) & ~(Alignment - 1);
        return _next <= Low + Length ? new TargetAddress(address) : throw new InvalidOperationException("the made-up address space is full");
    }

    /// <summary>Writes a field; one that the layout lacks is an error of the test.</summary>
    public void Write<T>(TargetAddress address, int offset, T value)
        where T : unmanaged
    {
        if (offset < 0)
            throw new ArgumentOutOfRangeException(nameof(offset), "the layout has no such field");
        Unsafe.WriteUnaligned(At(address + offset, sizeof(T)), value);
    }

    public void WritePointer(TargetAddress address, int offset, TargetAddress value) => Write(address, offset, value.Value);

    public TargetAddress AllocateText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var address = Allocate(bytes.Length + 1);
        WriteBytes(address, bytes);
        return address;
    }

    public void WriteBytes(TargetAddress address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(new Span<byte>(At(address, bytes.Length), bytes.Length));

    public void Dispose() => Frozen.Dispose();

    private byte* At(TargetAddress address, int length)
    {
        var at = Frozen.Translate(address.Value, (ulong)length);
        return at != null ? at : throw new ArgumentOutOfRangeException(nameof(address), $"{address} is outside the made-up address space");
    }
}
