using System.Diagnostics;
using Hognose.Cli.Collecting;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Collections;

namespace Hognose.Cli.Running;

/// <summary>
/// The collector of a recorded program, read from outside while it runs: every collection is counted, since the counts are CPython's own totals; pauses are
/// CPython's own from 3.15 on, and before that added up from the looks that met a collection.
/// </summary>
internal sealed class CollectionsWatch
{
    /// <summary>A look takes some microseconds of ours and none of the program's.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

    /// <summary>While nothing is told of the program, which collects when it allocates or asks for it: a core that we leave alone is the program's.</summary>
    private static readonly TimeSpan BetweenQuietLooks = TimeSpan.FromMilliseconds(10);

    private readonly InterpreterSearch _search;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<CollectionGroup> _collections = [];
    private CollectorOfProcess? _collector;
    private CollectorReading? _former;
    private long _lastLook;
    private TimeSpan _met;
    private bool _isCollecting;
    private ulong _events;

    /// <summary>Of a process that has just begun, what comes before the first look is in the first entries; none of one that ends sooner.</summary>
    /// <param name="search">For its interpreter.</param>
    public CollectionsWatch(InterpreterSearch search) => _search = search;

    /// <summary>What the collector did up to the last look; null: there was none yet.</summary>
    public CollectorReading? Latest => _former;

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<CollectionGroup> Collections => _collections;

    /// <param name="begin">What it had done when the process began; null: what came before the first look is not told.</param>
    /// <param name="events">That were taken of the process up to now.</param>
    public void Step(CollectorReading? begin, ulong events)
    {
        if (_collector is null)
            Find();
        else if (Stopwatch.GetElapsedTime(_lastLook) >= (events != _events || _isCollecting ? BetweenLooks : BetweenQuietLooks))
            (_events, _isCollecting) = (events, Look(_collector, begin));
    }

    private void Find()
    {
        if (_search.Found() is not { } interpreter)
            return;
        _collector = new CollectorOfProcess(interpreter, Limits.Default);
        _lastLook = Stopwatch.GetTimestamp();
    }

    /// <summary>Whether it met a collection.</summary>
    private bool Look(CollectorOfProcess collector, CollectorReading? begin)
    {
        var waited = Stopwatch.GetElapsedTime(_lastLook);
        _lastLook = Stopwatch.GetTimestamp();
        if (collector.Read() is not { } now)
            return false;
        var isCollecting = now.Interpreters.Any(each => each.IsCollecting);
        if (isCollecting)
            _met += waited;
        if ((_former ?? begin) is { } before)
            Add(CollectionsBetween.Of(before, now));
        _former = now;
        return isCollecting;
    }

    /// <summary>What the looks met goes to the oldest generation that was collected, which takes the longest.</summary>
    private void Add(IReadOnlyList<GenerationWork> work)
    {
        var at = (long)Stopwatch.GetElapsedTime(_start).TotalNanoseconds;
        var oldest = work.Count == 0 ? -1 : work.Max(each => each.Generation);
        foreach (var each in work.OrderBy(each => each.Generation))
        {
            var met = each.Generation == oldest ? (long)_met.TotalNanoseconds : 0;
            _collections.Add(new CollectionGroup(
                at, each.Generation, each.Collections, Math.Max(0, each.Collected), Math.Max(0, each.Uncollectable), each.Seconds is { } seconds ? (long)(seconds * 1e9) : met, each.Seconds is not null));
        }
        if (work.Count > 0)
            _met = TimeSpan.Zero;
    }
}
