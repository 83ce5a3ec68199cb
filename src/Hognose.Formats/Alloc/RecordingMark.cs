namespace Hognose.Formats.Alloc;

/// <summary>A moment that was given a name while the recording went on: nanoseconds since it began.</summary>
public readonly record struct RecordingMark(long Nanoseconds, string Name)
{
    /// <summary>Letters of a name; whoever gives a longer one is refused.</summary>
    public const int LongestName = 100;

    /// <summary>Of a recording. A program that marks in a loop does not fill the memory of who records it.</summary>
    public const int Most = 10_000;
}
