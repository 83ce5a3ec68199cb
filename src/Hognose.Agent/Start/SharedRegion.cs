using Hognose.Formats.Ring;

namespace Hognose.Agent.Start;

internal static unsafe class SharedRegion
{
    /// <summary>Maps the region and claims it for this process; null when it is not ours to have. The descriptor is closed by <see cref="ProgramEnvironment"/>.</summary>
    public static RingHeader* Claim(RingHandle handle)
    {
        var head = (RingHeader*)Map(handle, RingHeader.SizeInBytes);
        if (head == null)
            return null;
        var length = IsOurs(head, handle) ? head->RegionLength : 0;
        Libc.munmap(head, RingHeader.SizeInBytes);
        var ring = length == 0 ? null : (RingHeader*)Map(handle, (nuint)length);
        if (ring == null)
            return null;
        var process = (uint)Libc.getpid();
        if (Interlocked.CompareExchange(ref ring->ProcessId, process, 0) == 0)
            return ring;
        Libc.munmap(ring, (nuint)length);
        return null;
    }

    private static bool IsOurs(RingHeader* ring, RingHandle handle) =>
        ring->Magic == RingHeader.MagicValue && ring->Version == RingHeader.CurrentVersion && ring->Nonce == handle.Nonce;

    private static byte* Map(RingHandle handle, nuint length)
    {
        var memory = Libc.mmap(null, length, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared, handle.Region, 0);
        return (nint)memory == -1 ? null : memory;
    }
}
