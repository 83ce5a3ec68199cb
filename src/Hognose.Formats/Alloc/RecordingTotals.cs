using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>Refuses a recording whose numbers, added up, are none that can be.</summary>
internal static class RecordingTotals
{
    private const string MoreBytes = "ends a recording of more bytes";

    /// <exception cref="MalformedPayloadException">They are too large.</exception>
    public static void Check(RecordingBuilder recording)
    {
        CheckUsage(recording);
        CheckSurvivors(recording);
        CheckShape(recording);
        CheckCollections(recording);
        CheckVariances(recording);
    }

    private static void CheckUsage(RecordingBuilder recording)
    {
        var total = new Total(long.MaxValue, MoreBytes);
        foreach (var (_, one) in recording.Usage)
            foreach (var number in (ReadOnlySpan<long>)
                [one.PeakBytes, one.PeakBlocks, one.EndBytes, one.EndBlocks, one.TotalBytes, one.TotalBlocks, one.TemporaryBytes, one.TemporaryBlocks])
                total.Add(number);
    }

    private static void CheckSurvivors(RecordingBuilder recording)
    {
        var (types, holders, live) = (new Total(long.MaxValue, MoreBytes), new Total(long.MaxValue, MoreBytes), new Total(long.MaxValue, MoreBytes));
        foreach (var each in recording.SurvivingTypes)
        {
            types.Add(each.Blocks);
            types.Add(each.Bytes);
        }
        foreach (var each in recording.SurvivorHolders)
        {
            holders.Add(each.Objects);
            holders.Add(each.Bytes);
        }
        foreach (var each in recording.Live ?? [])
            live.Add(each.Size);
    }

    private static void CheckShape(RecordingBuilder recording)
    {
        var (threads, never) = (new Total(long.MaxValue, MoreBytes), new Total(long.MaxValue, MoreBytes));
        foreach (var each in recording.Threads)
        {
            threads.Add(each.Allocations);
            threads.Add(each.Bytes);
            never.Add(each.NeverFreedBytes);
        }
        var (sizes, domains, rates) = (new Total(long.MaxValue, MoreBytes), new Total(long.MaxValue, MoreBytes), new Total(long.MaxValue, MoreBytes));
        foreach (var each in recording.Sizes)
        {
            sizes.Add(each.Allocations);
            sizes.Add(each.Bytes);
        }
        foreach (var each in recording.Domains)
        {
            domains.Add(each.Allocations);
            domains.Add(each.Bytes);
        }
        foreach (var each in recording.Rates)
        {
            rates.Add(each.Allocations);
            rates.Add(each.Bytes);
        }
    }

    private static void CheckCollections(RecordingBuilder recording)
    {
        var total = new Total(long.MaxValue, "ends a recording of more collections");
        foreach (var group in recording.Collections)
            foreach (var number in (ReadOnlySpan<long>)[group.Collections, group.Collected, group.Uncollectable, group.PauseNanoseconds])
                total.Add(number);
    }

    private static void CheckVariances(RecordingBuilder recording)
    {
        var total = 0.0;
        foreach (var (_, one) in recording.Variances)
            total += one.PeakBytes + one.PeakBlocks + one.EndBytes + one.EndBlocks + one.TotalBytes + one.TotalBlocks;
        if (!double.IsFinite(total))
            throw new MalformedPayloadException("ends a recording of more variance than there can be");
    }
}
