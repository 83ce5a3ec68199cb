using System.Runtime.CompilerServices;
using Hognose.Diagnostics;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Memory;

/// <summary>The memory that .NET keeps our own columns in.</summary>
public static unsafe class OwnHeap
{
    private const int AdviceHugePage = 14;

    /// <summary>
    /// Has it backed by pages of 2 MiB where the kernel can. A heap of five million objects is 300 to 600 MB of columns that are touched once each, and up to
    /// 13 us a page of 4 KiB, more than anything that is done with them. Where the kernel knows no huge pages, nothing changes.
    /// </summary>
    public static void PreferHugePages()
    {
        var any = new object();
        var address = Unsafe.As<object, ulong>(ref any);
        if (!ProcFile.TryRead("/proc/self/maps", out var text, out _))
            return;
        var low = 0UL;
        var high = 0UL;
        // The runtime reserves one span and makes it accessible bit by bit: mappings side by side.
        foreach (var mapping in ProcMaps.Parse(text, Limits.Default, out _))
        {
            if (mapping.Inode != 0 || mapping.Path.Length > 0 || mapping.Low.Value != high)
            {
                if (address >= low && address < high)
                    break;
                low = mapping.Low.Value;
            }
            high = mapping.Inode != 0 || mapping.Path.Length > 0 ? low : mapping.High.Value;
        }
        if (address >= low && address < high)
            _ = LibC.madvise((byte*)low, (nuint)(high - low), AdviceHugePage);
    }
}
