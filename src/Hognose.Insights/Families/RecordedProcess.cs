using Hognose.Formats.Alloc;

namespace Hognose.Insights.Families;

/// <summary>How a process came into being.</summary>
public enum ProcessOrigin
{
    /// <summary>What the user started, or nobody in the family is known to have started it.</summary>
    Program,

    /// <summary>It has its parent's command line.</summary>
    Fork,

    /// <summary>The same process goes on as another program.</summary>
    Exec,

    /// <summary>A Python of its own, which <c>multiprocessing</c> started.</summary>
    Multiprocessing,

    /// <summary>Another program of Python's: <c>subprocess</c>, <c>os.posix_spawn</c>, a shell in between.</summary>
    Started,
}

/// <summary>One process of a family: what it held by itself.</summary>
/// <param name="Facts">Of its recording.</param>
/// <param name="File">Its recording.</param>
/// <param name="BeganNanoseconds">Since the family's first recording began.</param>
/// <param name="Origin">How it came into being.</param>
/// <param name="ParentId">0: not known.</param>
/// <param name="Depth">In the tree; 0: no parent in the family.</param>
public sealed record RecordedProcess(RecordingFacts Facts, string File, long BeganNanoseconds, ProcessOrigin Origin, int ParentId, int Depth)
{
    public long EndedNanoseconds => Saturated.Sum(BeganNanoseconds, Facts.DurationNanoseconds);
}
