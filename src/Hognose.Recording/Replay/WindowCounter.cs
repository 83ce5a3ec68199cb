namespace Hognose.Recording.Replay;

/// <summary>What one stack holds and held in a window.</summary>
internal struct WindowCounter
{
    public long LiveBytes;
    public long LiveBlocks;

    /// <summary>As <see cref="Ledger.StackCounter.PeakBytes"/>.</summary>
    public long PeakBytes;
    public long PeakBlocks;
    public long PeakNumber;

    /// <summary>Of what lives, what was allocated in the window.</summary>
    public long NewBytes;
    public long NewBlocks;
    public long TotalBytes;
    public long TotalBlocks;
    public long TemporaryBytes;
    public long TemporaryBlocks;
}
