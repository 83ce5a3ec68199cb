namespace Hognose.Cli.Commands;

/// <summary>Which time of a recording is asked for, in nanoseconds since it began. null: not told.</summary>
/// <param name="Since">From here on.</param>
/// <param name="Until">Up to here.</param>
/// <param name="At">What was alive here.</param>
/// <param name="Words">The same, to be read.</param>
internal sealed record RecordingMoments(long? Since, long? Until, long? At, string Words)
{
    /// <summary>In place of nanoseconds: behind all that was recorded, Python's own shutdown too.</summary>
    public const long End = long.MaxValue;

    private const long BeforeAll = -1;

    /// <summary>The same time in a recording that began so much later. One that was not under way has nothing of it: not even what it never freed.</summary>
    /// <param name="later">Nanoseconds.</param>
    /// <param name="duration">Of that recording.</param>
    public RecordingMoments After(long later, long duration)
    {
        var isOver = Since - later > duration || (At is not End && At - later > duration);
        return isOver
            ? this with { Since = null, Until = BeforeAll, At = null }
            : this with { Since = Since is { } since ? Math.Max(0, since - later) : null, Until = Later(Until), At = Later(At) };

        long? Later(long? moment) => moment is End ? End : moment - later;
    }
}
