using Hognose.Formats.Ring;

namespace Hognose.Agent.Start;

internal static unsafe class SharedRegion
{
    private const nint CallGetParent = 110; // x86-64

    /// <summary>Maps the region and claims it for this process; null when it is not ours to have. The descriptor is closed by <see cref="ProgramEnvironment"/>.</summary>
    public static RingHeader* Claim(RingHandle handle)
    {
        byte last;
        // The descriptor may lead to another file by now, and to touch what lies behind a file's end would kill the program.
        var head = Libc.pread(handle.Region, &last, 1, RingHeader.SizeInBytes - 1) == 1 ? (RingHeader*)Map(handle, RingHeader.SizeInBytes) : null;
        if (head == null)
            return null;
        var length = IsOurs(head, handle) ? head->RegionLength : 0;
        Libc.munmap(head, RingHeader.SizeInBytes);
        var ring = length == 0 ? null : (RingHeader*)Map(handle, (nuint)length);
        if (ring == null)
            return null;
        var process = (uint)Libc.getpid();
        if (Interlocked.CompareExchange(ref ring->ProcessId, process, 0) == 0)
        {
            Volatile.Write(ref ring->ParentProcessId, (uint)Libc.syscall(CallGetParent, 0, 0, 0, 0, 0));
            return ring;
        }
        Libc.munmap(ring, (nuint)length);
        return null;
    }

    /// <summary>
    /// The region goes, and with it the memory of it, but for the head: a thread that met a full ring may still look there whether the tool lives. What it
    /// finds is a page of zeros.
    /// </summary>
    public static void LetGo(RingHeader* ring)
    {
        var length = (nuint)ring->RegionLength;
        if (length <= RingHeader.SizeInBytes)
            return;
        var head = Libc.mmap(ring, RingHeader.SizeInBytes, Libc.ProtRead | Libc.ProtWrite, Libc.MapPrivate | Libc.MapAnonymous | Libc.MapFixed, -1, 0);
        if ((nint)head != -1)
            Libc.munmap((byte*)ring + RingHeader.SizeInBytes, length - RingHeader.SizeInBytes);
    }

    public static void Unmap(RingHeader* ring) =>
        Libc.munmap(ring, ring->RegionLength == 0 ? RingHeader.SizeInBytes : (nuint)ring->RegionLength);

    private static bool IsOurs(RingHeader* ring, RingHandle handle) =>
        ring->ProcessId == 0 && ring->Magic == RingHeader.MagicValue && ring->Version == RingHeader.CurrentVersion && ring->Nonce == handle.Nonce;

    private static byte* Map(RingHandle handle, nuint length)
    {
        var memory = Libc.mmap(null, length, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared, handle.Region, 0);
        return (nint)memory == -1 ? null : memory;
    }
}
