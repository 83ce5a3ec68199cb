using Hognose.Formats.Alloc;

namespace Hognose.Recording.Summary;

/// <summary>Heap and resident bytes over time in a bounded number of points: when it is full, every second one goes and the interval doubles.</summary>
public sealed class Timeline
{
    private const int MaximumPoints = 2048;
    private const long FirstInterval = 10_000_000;

    private readonly List<TimelinePoint> _points = new(MaximumPoints);
    private long _interval = FirstInterval;
    private long _next;

    public IReadOnlyList<TimelinePoint> Points => _points;

    public bool IsDue(long nanoseconds) => nanoseconds >= _next;

    public void Add(TimelinePoint point)
    {
        if (_points.Count == MaximumPoints)
            Thin();
        _points.Add(point);
        _next = point.Nanoseconds + _interval;
    }

    private void Thin()
    {
        for (var i = 0; i < MaximumPoints / 2; i++)
            _points[i] = _points[i * 2];
        _points.RemoveRange(MaximumPoints / 2, MaximumPoints / 2);
        _interval *= 2;
    }
}
