using Hognose.Recording.Ledger;
using Hognose.Recording.Summary;

namespace Hognose.Recording.Tests;

public class ThreadBookTests
{
    private const long Millisecond = 1_000_000;

    private readonly Clock _clock = new();
    private readonly Names _names;
    private readonly List<(int Index, long KernelId, string Name)> _told = [];
    private readonly ThreadBook _book;

    public ThreadBookTests() => _book = new ThreadBook(_names = new Names(_clock), _clock);

    [Fact]
    public void A_thread_that_gets_its_name_later_is_looked_at_again()
    {
        See(0, (1, new SeenThread(0x1000, 0)));
        LookEachMillisecond(0, 30);
        _names.Known[0x1000] = new NamedThread(77, "late");
        LookEachMillisecond(31, 200);

        Assert.Equal([(1, 0, ""), (1, 77, "late")], _told);
        Assert.Equal((77, "late"), Of(1));
    }

    [Fact]
    public void Looks_become_fewer()
    {
        See(0, (1, new SeenThread(0x1000, 5)));
        LookEachMillisecond(0, 2000);

        Assert.Equal([0, 1, 5, 21, 85, 341, 1365], _names.Looks.Select(at => at / Millisecond));
    }

    [Fact]
    public void When_somebody_knows_names_at_last_all_are_looked_at()
    {
        _names.IsReady = false;
        See(0, (1, new SeenThread(0x1000, 5)));
        LookEachMillisecond(0, 400);
        _names.IsReady = true;
        _names.Known[0x1000] = new NamedThread(5, "known at last");
        LookEachMillisecond(401, 401);

        Assert.Equal((5, "known at last"), Of(1));
    }

    [Fact]
    public void A_thread_whose_memory_is_anothers_keeps_the_name_it_had()
    {
        _names.Known[0x1000] = new NamedThread(5, "first");
        See(0, (1, new SeenThread(0x1000, 5)));
        LookEachMillisecond(0, 0);
        _names.Known[0x1000] = new NamedThread(6, "second");
        See(3 * Millisecond, (2, new SeenThread(0x1000, 6)));
        LookEachMillisecond(3, 2000);

        Assert.Equal(((5, "first"), (6, "second")), (Of(1), Of(2)));
    }

    [Fact]
    public void A_thousand_threads_are_not_looked_at_at_once()
    {
        for (ulong state = 1; state <= 1000; state++)
            _names.Known[state] = new NamedThread((long)state, $"worker-{state}");
        See(0, [.. Enumerable.Range(1, 1000).Select(index => (index, new SeenThread((ulong)index, index)))]);
        LookEachMillisecond(0, 4);

        Assert.InRange(_names.MostAsked, 1, 256);
        Assert.Equal(1000, _told.Count(told => told.Name.StartsWith("worker-", StringComparison.Ordinal)));
    }

    [Fact]
    public void After_a_look_that_took_long_the_next_ones_wait()
    {
        _names.Milliseconds = 3;
        See(0, (1, new SeenThread(0x1000, 5)));
        LookEachMillisecond(0, 200);

        // Twenty times what the last one took passes before each.
        Assert.Equal([0, 60, 120, 180], _names.Looks.Select(at => at / Millisecond));
    }

    [Fact]
    public void Whoever_has_no_name_when_the_recording_ends_is_looked_at_once_more()
    {
        _names.IsReady = false;
        See(0, (1, new SeenThread(0x1000, 5)), (2, new SeenThread(0x2000, 6)));
        LookEachMillisecond(0, 10);
        _names.IsReady = true;
        _names.Known[0x1000] = new NamedThread(5, "one");
        _names.Known[0x2000] = new NamedThread(6, "two");
        _book.LookLast((index, id, name) => _told.Add((index, id, name)));

        Assert.Equal(((5, "one"), (6, "two")), (Of(1), Of(2)));
    }

    [Fact]
    public void A_name_that_is_lost_with_its_thread_is_kept()
    {
        _names.Known[0x1000] = new NamedThread(5, "gone soon");
        See(0, (1, new SeenThread(0x1000, 0)));
        LookEachMillisecond(0, 0);
        _names.Known.Clear();
        LookEachMillisecond(1, 2000);

        Assert.Equal((5, "gone soon"), Of(1));
    }

    [Fact]
    public void Pythons_name_is_kept_when_only_the_kernels_is_left()
    {
        _names.Known[0x1000] = new NamedThread(5, "python3");
        See(0, (1, new SeenThread(0x1000, 5)));
        LookEachMillisecond(0, 0);
        _names.Known[0x1000] = new NamedThread(5, "MainThread", IsPythons: true);
        LookEachMillisecond(1, 100);
        _names.Known[0x1000] = new NamedThread(5, "python3");
        LookEachMillisecond(101, 2000);

        Assert.Equal([(1, 5, ""), (1, 5, "python3"), (1, 5, "MainThread")], _told);
        Assert.Equal((5, "MainThread"), Of(1));
    }

    [Fact]
    public void A_thread_that_python_renames_goes_by_its_new_name()
    {
        _names.Known[0x1000] = new NamedThread(5, "Thread-1", IsPythons: true);
        See(0, (1, new SeenThread(0x1000, 5)));
        LookEachMillisecond(0, 0);
        _names.Known[0x1000] = new NamedThread(5, "loader", IsPythons: true);
        LookEachMillisecond(1, 100);

        Assert.Equal((5, "loader"), Of(1));
    }

    [Fact]
    public void Before_the_first_thread_there_is_nothing_to_look_at()
    {
        LookEachMillisecond(0, 10);

        Assert.Empty(_names.Looks);
    }

    [Fact]
    public void Where_there_is_no_thread_state_nobody_is_asked()
    {
        See(0, (1, new SeenThread(0, 0)));
        LookEachMillisecond(0, 100);

        Assert.Empty(_names.Looks);
        Assert.Equal((0, "(no Python thread)"), Of(1));
    }

    private void See(long now, params (int Index, SeenThread Thread)[] threads) => _book.Take([.. threads], now, (index, id, name) => _told.Add((index, id, name)));

    private void LookEachMillisecond(int from, int to)
    {
        for (var at = from; at <= to; at++)
        {
            _names.Now = at * Millisecond;
            _book.LookIfDue(_names.Now, (index, id, name) => _told.Add((index, id, name)));
        }
    }

    private (long KernelId, string Name) Of(int index)
    {
        var thread = _book.Usage(new ThreadTally[8]).Single(each => each.Index == index);
        return (thread.KernelId, thread.Name);
    }

    /// <summary>Stands still but for what it is told.</summary>
    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => Now;
    }

    private sealed class Names(Clock clock) : IThreadNames
    {
        /// <summary>That a look takes.</summary>
        public long Milliseconds { get; set; }

        public Dictionary<ulong, NamedThread> Known { get; } = [];

        public List<long> Looks { get; } = [];

        public long Now { get; set; }

        public int MostAsked { get; private set; }

        public bool IsReady { get; set; } = true;

        public IReadOnlyList<NamedThread> Look(IReadOnlyList<SeenThread> threads)
        {
            Looks.Add(Now);
            clock.Now += Milliseconds * Millisecond;
            MostAsked = Math.Max(MostAsked, threads.Count);
            return [.. threads.Select(thread => Known.GetValueOrDefault(thread.State, new NamedThread(0, "")))];
        }
    }
}
