namespace Hognose.Formats.Alloc.Events;

/// <summary>Where a block was allocated, as far as it is told once for many: 24 bytes.</summary>
public record struct EventSite(long Size, int Stack, byte Domain);

/// <summary>One block while it lives.</summary>
public struct EventBlock
{
    public EventSite Site;

    /// <summary>When it was allocated: nanoseconds since the recording began; -1: there is no block.</summary>
    public long Born;

    /// <summary>Who allocated it.</summary>
    public int Thread;

    /// <summary>How many allocations its thread had made, modulo 2^32.</summary>
    public uint Order;
}

/// <summary>Takes events one after the other. A struct, so that the loop that decodes them calls nothing indirectly.</summary>
public interface IEventSink
{
    /// <summary>Before all others: what was known when the recording began.</summary>
    void Begin(RecordingFacts facts);

    /// <summary>A moment begins: what follows happened then. False: no more is wanted.</summary>
    bool Moment(long now);

    void Allocate(in EventBlock block);

    /// <param name="block">That was freed.</param>
    /// <param name="allocationsSince">That its thread made after it.</param>
    void Free(in EventBlock block, uint allocationsSince);

    /// <summary>An allocation whose free followed at once.</summary>
    void Temporary(in EventBlock block);

    void UnknownFree(bool isNative);

    /// <summary>Some pages of a mapping are gone.</summary>
    /// <param name="block">As it was.</param>
    /// <param name="left">Bytes of it that are left before the gap.</param>
    /// <param name="right">Bytes that are left behind it; not 0 beside the former: it is two blocks now.</param>
    void Cut(in EventBlock block, long left, long right);

    /// <summary>Freed by a realloc, whose new block follows.</summary>
    void Move(in EventBlock block);

    /// <summary>Lives on; <paramref name="block"/> is the one of the last <see cref="Move"/> of its thread.</summary>
    void MoveFailed(in EventBlock block);

    /// <summary>A move of a block that was never known is taken back.</summary>
    void UnknownMoveFailed(bool isNative);

    /// <summary>Gone, though nobody freed it.</summary>
    void Replace(in EventBlock block, bool isNative);

    void Fork();

    void TearDown();

    /// <param name="bytes">-1: not known.</param>
    void Resident(long bytes);

    void NameThread(int index, long kernelId, string name);

    void Mark(string name);

    /// <summary>The writer ended the stream before the recording ended.</summary>
    void NoMore(string reason);
}
