using System.Runtime.InteropServices;

namespace Hognose.Recording.Ledger;

/// <summary>What one stack holds and held: 64 bytes, a cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StackCounter
{
    public long LiveBytes;

    /// <summary>Valid for the high-water mark <see cref="PeakNumber"/>; while that is not the last one, what lives now is what lived at it.</summary>
    public long PeakBytes;
    public long TotalBytes;
    public long TotalBlocks;
    public long TemporaryBytes;
    public long TemporaryBlocks;
    public long PeakNumber;
    public uint LiveBlocks;
    public uint PeakBlocks;
}
