using Hognose.Formats.Alloc;

namespace Hognose.Insights.Families;

/// <summary>When did all processes together hold the most, and how much was that?</summary>
/// <param name="PeakBytes">An estimate: timelines have a point each 10 ms or less often. Never less than one process held, nor more than all high-water marks together.</param>
/// <param name="PeakNanoseconds">Since the family's first recording began.</param>
/// <param name="PeakProcesses">That were recorded then.</param>
/// <param name="Timeline">What all held together; without resident sizes, which count what processes share once for each.</param>
public sealed record FamilyOverTime(long PeakBytes, long PeakNanoseconds, int PeakProcesses, IReadOnlyList<TimelinePoint> Timeline)
{
    private const int MostPoints = 2048;

    /// <param name="processes">The begin of each on the family's clock, its facts and its timeline.</param>
    public static FamilyOverTime Of(IReadOnlyList<(long Began, RecordingFacts Facts, IReadOnlyList<TimelinePoint> Timeline)> processes)
    {
        var changes = new List<Change>();
        for (var process = 0; process < processes.Count; process++)
            // Of a part of the time: one that was over draws no line of nothing up to those that come later.
            if (processes[process].Facts.PeakBytes > 0)
                Add(changes, process, processes[process], NextProgram(processes, process));
        changes.Sort(static (one, other) => one.At != other.At ? one.At.CompareTo(other.At)
            : one.IsEnd != other.IsEnd ? other.IsEnd.CompareTo(one.IsEnd) : one.Order.CompareTo(other.Order));

        var held = new long[processes.Count];
        var isThere = new bool[processes.Count];
        var (sum, there) = (Int128.Zero, 0);
        var (peak, peakAt, peakProcesses) = (0L, 0L, 0);
        var points = new List<TimelinePoint>();
        var step = Math.Max(1, (changes.Count > 0 ? changes[^1].At : 0) / MostPoints);
        foreach (var change in changes)
        {
            sum += change.Bytes - (Int128)held[change.Process];
            held[change.Process] = change.Bytes;
            there += (change.IsEnd ? 0 : 1) - (isThere[change.Process] ? 1 : 0);
            isThere[change.Process] = !change.IsEnd;
            var now = (long)Int128.Min(sum, long.MaxValue);
            if (now > peak)
                (peak, peakAt, peakProcesses) = (now, change.At, there);
            Note(points, new TimelinePoint(change.At, now, -1), step);
        }
        return new FamilyOverTime(peak, peakAt, peakProcesses, points);
    }

    /// <summary>When the same process went on as another program, which has none of the former's memory (exec); far off where it did not.</summary>
    private static long NextProgram(IReadOnlyList<(long Began, RecordingFacts Facts, IReadOnlyList<TimelinePoint> Timeline)> processes, int process)
    {
        var next = long.MaxValue;
        foreach (var other in processes)
            if (other.Facts.ProcessId == processes[process].Facts.ProcessId && other.Began > processes[process].Began)
                next = Math.Min(next, other.Began);
        return next;
    }

    /// <summary>A high-water mark lies between two points and is over at once: it must not meet what another process held later.</summary>
    private static void Add(List<Change> changes, int process, (long Began, RecordingFacts Facts, IReadOnlyList<TimelinePoint> Timeline) of, long limit)
    {
        var (last, lastAt, peak, isPeakTold) = (0L, of.Began, of.Facts.PeakNanoseconds, false);
        foreach (var point in of.Timeline)
        {
            if (!isPeakTold && point.Nanoseconds >= peak)
                TellPeak(last);
            Tell(point.Nanoseconds, point.HeapBytes);
            last = point.HeapBytes;
        }
        if (!isPeakTold)
            TellPeak(last);
        // Behind all that it held: at one time ends come first, for whoever goes on as another program then.
        changes.Add(new Change(Math.Min(limit, Saturated.Sum(Math.Max(Saturated.Sum(of.Began, of.Facts.DurationNanoseconds), lastAt), 1)), changes.Count, process, 0, IsEnd: true));

        void TellPeak(long before)
        {
            isPeakTold = true;
            Tell(peak, of.Facts.PeakBytes);
            Tell(peak, before);
        }

        void Tell(long nanoseconds, long bytes)
        {
            var at = Saturated.Sum(of.Began, nanoseconds);
            if (at >= limit)
                return;
            lastAt = Math.Max(lastAt, at);
            changes.Add(new Change(at, changes.Count, process, bytes, IsEnd: false));
        }
    }

    /// <summary>The highest of each slice.</summary>
    private static void Note(List<TimelinePoint> points, TimelinePoint point, long step)
    {
        if (points.Count == 0 || point.Nanoseconds / step != points[^1].Nanoseconds / step)
            points.Add(point);
        else if (point.HeapBytes >= points[^1].HeapBytes)
            points[^1] = point;
    }

    /// <param name="Order">Of changes at the same time.</param>
    private readonly record struct Change(long At, int Order, int Process, long Bytes, bool IsEnd);
}
