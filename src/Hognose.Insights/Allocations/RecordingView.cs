using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>
/// Which measure of a summary's stacks is asked for. Tables, trees, comparisons and exports are made of a view over a summary: who makes a summary of
/// something else (a window, a moment, some threads) gets all of them for it.
/// </summary>
public enum RecordingView
{
    /// <summary>Held when the whole program held the most.</summary>
    HighWater,

    /// <summary>Still held at the end.</summary>
    Leaks,

    /// <summary>Freed before the same thread made another allocation.</summary>
    Temporary,

    /// <summary>Ever allocated, freed or not.</summary>
    All,

    /// <summary>Still held at the end, of a summary of what was allocated after a mark.</summary>
    Growth,
}

public static class RecordingViews
{
    /// <summary>Those that measure something of their own: growth is what is left at the end of a recording of which the beginning was left out.</summary>
    public static IReadOnlyList<RecordingView> Measures { get; } = [RecordingView.HighWater, RecordingView.Leaks, RecordingView.Temporary, RecordingView.All];

    /// <summary>Those of <see cref="Measures"/> that a recording tells: between two samples anything may have been allocated, and tracemalloc knows what is alive.</summary>
    public static IEnumerable<RecordingView> ToldBy(RecordingFacts facts) => facts.Tracemalloc is not null
        ? [RecordingView.Leaks]
        : Measures.Where(view => facts.SampleBytes == 0 || view != RecordingView.Temporary);

    public static (long Bytes, long Blocks) Of(this RecordingView view, in StackUsage usage) => view switch
    {
        RecordingView.Leaks or RecordingView.Growth => (usage.EndBytes, usage.EndBlocks),
        RecordingView.Temporary => (usage.TemporaryBytes, usage.TemporaryBlocks),
        RecordingView.All => (usage.TotalBytes, usage.TotalBlocks),
        _ => (usage.PeakBytes, usage.PeakBlocks),
    };
}
