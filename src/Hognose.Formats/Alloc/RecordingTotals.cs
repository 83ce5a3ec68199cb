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
        Add(recording.SurvivingTypes, each => each.Blocks, each => each.Bytes);
        Add(recording.SurvivorHolders, each => each.Objects, each => each.Bytes);
        Add(recording.Live ?? [], each => each.Size);
    }

    private static void CheckShape(RecordingBuilder recording)
    {
        Add(recording.Threads, each => each.Allocations, each => each.Bytes);
        Add(recording.Threads, each => each.NeverFreedBytes);
        Add(recording.Sizes, each => each.Allocations, each => each.Bytes);
        Add(recording.Domains, each => each.Allocations, each => each.Bytes);
        Add(recording.Rates, each => each.Allocations, each => each.Bytes);
    }

    private static void Add<T>(IEnumerable<T> all, params ReadOnlySpan<Func<T, long>> figures)
    {
        var total = new Total(long.MaxValue, MoreBytes);
        foreach (var each in all)
            foreach (var figure in figures)
                total.Add(figure(each));
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
