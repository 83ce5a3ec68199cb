using Hognose.Targets.Native;

namespace Hognose.Targets.Memory;

/// <summary>
/// The memory of a running (or stopped) process, read by <c>process_vm_readv</c>: nothing is injected and nothing is written.
/// A read of a page that the target never touched makes the kernel map the zero page there, so bulk work goes by the page map instead.
/// </summary>
public sealed unsafe class LiveMemory(int processId) : IMemoryReader
{
    public bool TryRead(TargetAddress address, Span<byte> destination)
    {
        if (destination.IsEmpty)
            return true;
        fixed (byte* start = destination)
        {
            var local = new IoVector((nuint)start, (nuint)destination.Length);
            var remote = new IoVector((nuint)address.Value, (nuint)destination.Length);
            return LibC.process_vm_readv(processId, &local, 1, &remote, 1, 0) == destination.Length;
        }
    }
}
