using Hognose.Formats.Alloc;

namespace Hognose.Recording.Summary;

/// <summary>Heap and resident bytes over time in a bounded number of points: when it is full, every second one goes and the interval doubles.</summary>
public sealed class Timeline
{
    private const int MaximumPoints = 2048;
    private const long FirstInterval = 10_000_000;

    private readonly List<TimelinePoint> _points = new(MaximumPoints);

    /// <summary>All that was allocated up to each point.</summary>
    private readonly List<AllocationRate> _allocated = new(MaximumPoints);
    private long _interval = FirstInterval;
    private long _next;

    public IReadOnlyList<TimelinePoint> Points => _points;

    public bool IsDue(long nanoseconds) => nanoseconds >= _next;

    /// <param name="point">Later than the former one.</param>
    /// <param name="allocated">Since the begin.</param>
    public void Add(TimelinePoint point, AllocationRate allocated)
    {
        if (_points.Count == MaximumPoints)
            Thin();
        _points.Add(point);
        _allocated.Add(allocated);
        _next = point.Nanoseconds + _interval;
    }

    /// <summary>What was allocated from point to point.</summary>
    public IReadOnlyList<AllocationRate> Rates()
    {
        var rates = new AllocationRate[_allocated.Count];
        var former = default(AllocationRate);
        for (var i = 0; i < rates.Length; i++)
        {
            rates[i] = new AllocationRate(_allocated[i].Allocations - former.Allocations, _allocated[i].Bytes - former.Bytes);
            former = _allocated[i];
        }
        return rates;
    }

    private void Thin()
    {
        for (var i = 0; i < MaximumPoints / 2; i++)
            (_points[i], _allocated[i]) = (_points[i * 2], _allocated[i * 2]);
        _points.RemoveRange(MaximumPoints / 2, MaximumPoints / 2);
        _allocated.RemoveRange(MaximumPoints / 2, MaximumPoints / 2);
        _interval *= 2;
    }
}
