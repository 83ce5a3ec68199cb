using Hognose.Targets.Memory;

namespace Hognose.Targets.Cores;

/// <summary>What the core itself holds of its process's memory, read piece by piece from the file: for looks before the mirror stands.</summary>
internal sealed class DumpedMemory(CoreBytes file, IReadOnlyList<CoreSegment> segments) : IMemoryReader
{
    public bool TryRead(TargetAddress address, Span<byte> destination)
    {
        int low = 0, high = segments.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var segment = segments[middle];
            if (address.Value < segment.Low)
                high = middle - 1;
            else if (address.Value >= segment.High)
                low = middle + 1;
            else
                return TryReadIn(segment, address.Value - segment.Low, destination);
        }
        return false;
    }

    private bool TryReadIn(CoreSegment segment, ulong skipped, Span<byte> destination) =>
        skipped <= segment.DumpedBytes
        && (ulong)destination.Length <= segment.DumpedBytes - skipped
        && file.TryRead(segment.Offset + skipped, destination);
}
