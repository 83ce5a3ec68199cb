namespace Hognose.Cli.Commands;

/// <summary>Which time of a recording is asked for, in nanoseconds since it began. null: not told.</summary>
/// <param name="Since">From here on.</param>
/// <param name="Until">Up to here.</param>
/// <param name="At">What was alive here.</param>
/// <param name="Words">The same, to be read.</param>
internal sealed record RecordingMoments(long? Since, long? Until, long? At, string Words)
{
    public bool AreAll => Since is null && Until is null && At is null;

    /// <summary>The same time in a recording that began so much later. One that was not under way has nothing of it.</summary>
    /// <param name="later">Nanoseconds.</param>
    /// <param name="duration">Of that recording.</param>
    public RecordingMoments After(long later, long duration)
    {
        var wasUnderWay = !(Since - later > duration || At - later > duration || Until - later < 0 || At - later < 0);
        return wasUnderWay
            ? this with { Since = Since is { } since ? Math.Max(0, since - later) : null, Until = Until - later, At = At - later }
            : this with { Since = long.MaxValue, Until = null, At = null };
    }
}
