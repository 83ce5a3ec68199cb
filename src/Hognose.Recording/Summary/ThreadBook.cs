using Hognose.Formats.Alloc;
using Hognose.Recording.Ledger;

namespace Hognose.Recording.Summary;

/// <summary>
/// Threads as they were seen, with their names. A thread allocates before Python knows it, a program may name one when it has run for a while, and others live for
/// a millisecond: it is looked at when it is seen, and again after 1, 4, 16 … ms, and all are when whoever knows names has become ready.
/// </summary>
/// <param name="names">Knows names; null: nobody does.</param>
/// <param name="time">Measures what a look takes.</param>
internal sealed class ThreadBook(IThreadNames? names, TimeProvider time)
{
    private const long FirstWait = 1_000_000;
    private const int WaitFactor = 4;
    private const long LongestWait = 20_000_000_000;

    /// <summary>Between two looks passes twenty times what the last one took, so that a program of a thousand threads costs no core of ours.</summary>
    private const int ShareOfTime = 20;
    private const long LongestPause = 400_000_000;

    /// <summary>At one look, the others at the next: the program must not wait for us.</summary>
    private const int MostAtOnce = 256;

    private readonly SortedDictionary<int, Entry> _threads = [];

    /// <summary>Whose state stands at an address now: the memory of a thread that has ended is soon another's.</summary>
    private readonly Dictionary<ulong, int> _byState = [];
    private readonly List<int> _due = [];
    private bool _wasReady;
    private long _nextLook = long.MaxValue;
    private long _pauseEnd;

    /// <summary>Takes the ledger's new threads.</summary>
    /// <param name="now">ns since the recording began.</param>
    /// <param name="told">Gets each thread whose name or id is news.</param>
    public void Take(List<(int Index, SeenThread Thread)> seen, long now, Action<int, long, string> told)
    {
        foreach (var (index, thread) in seen)
        {
            var isPythons = thread.State != 0;
            _threads[index] = new Entry(thread, new NamedThread(thread.KernelId, isPythons ? "" : ThreadUsage.NoThread), FirstWait, isPythons ? now : long.MaxValue);
            if (isPythons)
                (_byState[thread.State], _nextLook) = (Supersede(thread.State, index), now);
            told(index, thread.KernelId, _threads[index].Known.Name);
        }
        seen.Clear();
    }

    /// <summary>Looks at those whose time has come.</summary>
    /// <param name="now">ns since the recording began.</param>
    /// <param name="told">Gets each thread whose name or id is news.</param>
    public void LookIfDue(long now, Action<int, long, string> told)
    {
        if (names is null)
            return;
        if (!_wasReady && names.IsReady)
            BeginAnew(now);
        if (now < _nextLook || now < _pauseEnd)
            return;
        Choose(now);
        var began = time.GetTimestamp();
        Look(names, told);
        _pauseEnd = now + Math.Min((long)time.GetElapsedTime(began).TotalNanoseconds * ShareOfTime, LongestPause);
        _nextLook = _threads.Values.Min(entry => entry.NextLook);
    }

    /// <summary>The recording ends, and the program may go on: looks at all that have no name of Python's yet and whose state is still theirs.</summary>
    public void LookLast(Action<int, long, string> told)
    {
        if (names is not { IsReady: true })
            return;
        _due.Clear();
        _due.AddRange(_byState.Values.Where(index => !_wasReady || _threads[index] is { Wait: FirstWait } or { Known.Name.Length: 0 }));
        Look(names, told);
    }

    public List<ThreadUsage> Usage(ReadOnlySpan<ThreadTally> tallies)
    {
        var usage = new List<ThreadUsage>();
        for (var index = 0; index < tallies.Length; index++)
        {
            ref readonly var tally = ref tallies[index];
            if (tally.Allocations == 0 && !_threads.ContainsKey(index))
                continue;
            var known = _threads.TryGetValue(index, out var entry) ? entry.Known : new NamedThread(0, ThreadUsage.NoThread);
            usage.Add(new ThreadUsage(index, known.KernelId, known.Name, tally.Allocations, tally.Bytes, tally.LiveBytes));
        }
        return usage;
    }

    private int Supersede(ulong state, int index)
    {
        if (_byState.TryGetValue(state, out var former) && former != index)
            _threads[former] = _threads[former] with { NextLook = long.MaxValue };
        return index;
    }

    private void BeginAnew(long now)
    {
        _wasReady = true;
        foreach (var index in _byState.Values)
            _threads[index] = _threads[index] with { Wait = FirstWait, NextLook = _nextLook = now };
    }

    private void Choose(long now)
    {
        _due.Clear();
        _due.AddRange(_threads.Where(each => each.Value.NextLook <= now).OrderBy(each => each.Value.NextLook).Take(MostAtOnce).Select(each => each.Key));
        foreach (var index in _due)
        {
            var entry = _threads[index];
            _threads[index] = entry with { Wait = entry.Wait * WaitFactor, NextLook = entry.Wait > LongestWait ? long.MaxValue : now + entry.Wait };
        }
    }

    private void Look(IThreadNames known, Action<int, long, string> told)
    {
        if (_due.Count == 0)
            return;
        var found = known.Look([.. _due.Select(index => _threads[index].Seen)]);
        for (var i = 0; i < _due.Count; i++)
            Learn(_due[i], found[i], told);
    }

    private void Learn(int index, NamedThread found, Action<int, long, string> told)
    {
        var entry = _threads[index];
        // A program that shuts down forgets its threads, and the kernel does not: Python's name stays.
        var isBetter = found.Name.Length > 0 && (found.IsPythons || !entry.Known.IsPythons);
        var known = (isBetter ? found : entry.Known) with { KernelId = found.KernelId != 0 ? found.KernelId : entry.Known.KernelId };
        if (known == entry.Known)
            return;
        _threads[index] = entry with { Known = known };
        told(index, known.KernelId, known.Name);
    }

    /// <param name="Wait">ns after the next look.</param>
    /// <param name="NextLook">ns since the recording began.</param>
    private readonly record struct Entry(SeenThread Seen, NamedThread Known, long Wait, long NextLook);
}
