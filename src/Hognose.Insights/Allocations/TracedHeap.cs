using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Heaps;

namespace Hognose.Insights.Allocations;

/// <summary>What a running tracemalloc knew of a process, read from outside.</summary>
/// <param name="Facts">Whose memory it is, and what reading it took.</param>
/// <param name="Recording">What is alive, by stack; <see cref="RecordingFacts.Tracemalloc"/> is there.</param>
/// <param name="Trouble">What could not be read, and why.</param>
public sealed record TracedHeap(HeapFacts Facts, RecordingSummary Recording, DiagnosticBag Trouble)
{
    /// <summary>How often something could not be read; remarks don't count.</summary>
    public long NotRead => Trouble.Tally.Where(tally => !HeapAnswer.IsRemark(tally.Key)).Sum(tally => tally.Value);
}
