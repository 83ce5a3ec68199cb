using System.Runtime.InteropServices;

namespace Hognose.Columns;

/// <summary>Memory outside of .NET's heap, backed by pages of 2 MiB: of a table that is looked up at random each look-up would else miss the processor's table of pages, too.</summary>
public static unsafe class HugePages
{
    private const int AdviceHugePage = 14;
    private const ulong Bytes = 2 << 20;

    /// <summary>Asks for them, of the whole ones within. Where the kernel knows none, nothing changes; pages that were touched before stay small.</summary>
    /// <param name="start">Of what was mapped.</param>
    /// <param name="length">Bytes.</param>
    public static void Prefer(byte* start, ulong length)
    {
        var low = ((ulong)start + Bytes - 1) & ~(Bytes - 1);
        var high = ((ulong)start + length) & ~(Bytes - 1);
        if (low < high)
            _ = madvise((byte*)low, (nuint)(high - low), AdviceHugePage);
    }

    [DllImport("libc")]
    private static extern int madvise(byte* address, nuint length, int advice);
}
