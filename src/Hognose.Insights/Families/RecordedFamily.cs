using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Insights.Families;

/// <summary>
/// What did a program and the processes that it started hold, together and each? A block is its that allocated it: what a fork's child inherited is its
/// parent's, and counted once, however many processes share it.
/// </summary>
/// <param name="Processes">Each beneath the one that started it; the first is the oldest.</param>
/// <param name="Together">
/// All recordings as one: what each held at its own high-water mark and at its own end is added up. The high-water mark of its facts is the family's own.
/// </param>
/// <param name="OverTime">What they held at the same time.</param>
/// <param name="SharesClock">All were recorded by one run; else their order is that of the wall clock, to the millisecond.</param>
public sealed record RecordedFamily(IReadOnlyList<RecordedProcess> Processes, RecordingSummary Together, FamilyOverTime OverTime, bool SharesClock)
{
    /// <summary>What each process's stacks held, in the order of <see cref="Processes"/>; stacks are those of <see cref="Together"/>.</summary>
    internal IReadOnlyList<IReadOnlyList<(int Stack, StackUsage Usage)>> UsageOfProcesses { get; init; } = [];

    /// <summary>Sums of what each process held at its own high-water mark and at its own end.</summary>
    public StackUsage Total { get; init; }

    /// <summary>The heaviest sites of all processes together, each with the number of processes that held some and the one that held the most.</summary>
    public SiteRanking Rank(RecordingView view, SiteGrouping grouping, int count) =>
        FamilySites.Annotate(this, view, grouping, SiteRanker.Rank(Together, view, grouping, count));
}
