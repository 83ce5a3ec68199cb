namespace Hognose.CPython.Walk;

/// <summary>
/// How many references a pass over the heap may look at. Each word of memory belongs to one object, so objects that claim several times as
/// many words as there are overlap on purpose: what they say would cost time and memory without end. Shared by the workers of a pass.
/// </summary>
internal sealed class ReferenceBudget(WalkContext context)
{
    /// <summary>Torn copies may show a container twice, before and after it moved.</summary>
    private const int Factor = 2;

    /// <summary>What workers have asked for and not used.</summary>
    private const long Slack = 1 << 20;

    private long _left = (context.Words * Factor) + Slack;

    public bool TryTake(long references) => Interlocked.Add(ref _left, -references) >= 0;
}

/// <summary>One worker's part of a <see cref="ReferenceBudget"/>, taken in portions so that workers don't contend for it.</summary>
internal struct BudgetShare(ReferenceBudget budget)
{
    private const long Portion = 1 << 16;

    private long _left;

    /// <summary>From now on no object is asked any more.</summary>
    public bool IsSpent { get; private set; }

    public void Use(long references)
    {
        _left -= references;
        if (_left >= 0)
            return;
        IsSpent = !budget.TryTake(Portion - _left);
        _left = Portion;
    }
}
