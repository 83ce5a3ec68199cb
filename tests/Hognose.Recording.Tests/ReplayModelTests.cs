using CsCheck;
using Hognose.Formats.Alloc;
using Hognose.Formats.Alloc.Events;
using Hognose.Formats.Ring;
using Hognose.Recording.Ledger;
using Hognose.Recording.Replay;

namespace Hognose.Recording.Tests;

/// <summary>Random events through ledger, encoder, file and replay, against a model that keeps a dictionary and copies every share.</summary>
public class ReplayModelTests
{
    private const int Stacks = 5;
    private const int Threads = 3;
    private const string Seed = "0N0XIzNsQ0O2";
    private const long Millisecond = 1_000_000;

    private static readonly Gen<AllocationEvent[]> Moment = Gen.Select(
        Gen.Int[0, 11], Gen.ULong[1, 30], Gen.Frequency((9, Gen.ULong[0, 1000]), (1, Gen.ULong[1UL << 31, 1UL << 34])), Gen.UInt[0, Stacks - 1], Gen.Int[0, Threads - 1],
        (kind, place, size, stack, thread) => kind switch
        {
            < 5 => new[] { Event(EventKind.Allocate, place, size, stack, thread) },
            5 => [Event(EventKind.Temporary, place, size, stack, thread)],
            6 => [Event(EventKind.Move, place, 0, 0, thread), Event(EventKind.Allocate, place + 1, size, stack, thread)],
            7 => [Event(EventKind.Move, place, 0, 0, thread), Event(EventKind.MoveFailed, place, 0, 0, thread)],
            _ => [Event(EventKind.Free, place, 0, 0, thread)],
        });

    internal static readonly Gen<(AllocationEvent[][] Moments, int Since, int? Until, int? Thread, int Threshold, bool IsWhole)> AnyCase =
        Gen.Select(Moment.Array[0, 200], Gen.Int[0, 150], Gen.Int[0, 200], Gen.Int[-2, Threads - 1], Gen.Int[1, 4], Gen.Bool)
            .Select(all => (all.Item1, all.Item2 < 50 ? 0 : all.Item2 - 50, all.Item3 > 150 ? (int?)null : all.Item3, all.Item4 < 0 ? (int?)null : all.Item4, all.Item5, all.Item6));

    [Fact]
    public void A_window_is_that_of_the_model() => AnyCase.Sample(
        one =>
        {
            if (one.Until < one.Since)
                return;
            var replayed = EventReplay.Read(new MemoryStream(FileOf(one.Moments, one.IsWhole)), "it", QueryOf(one), static _ => { });
            var model = new WindowModel(one.Since, one.Until ?? int.MaxValue, one.Thread, one.Threshold);
            for (var time = 0; time < one.Moments.Length && time <= model.Until; time++)
                foreach (var each in one.Moments[time])
                    model.Apply(time, each);
            model.Begin(); // What is held when a window begins after the last event is its high-water mark.

            var facts = replayed.Facts;
            Assert.Equal((model.Peak, model.Allocations, model.Frees, model.Temporary, model.Unknown),
                (facts.PeakBytes, facts.Allocations, facts.Frees, facts.TemporaryAllocations, facts.UnknownFrees));
            Assert.Equal(model.AtPeak, replayed.Usage.Select(usage => usage.PeakBytes));
            Assert.Equal(model.New(), replayed.Usage.Select(usage => usage.EndBytes));
            Assert.Equal(model.Totals, replayed.Usage.Select(usage => usage.TotalBytes));
            Assert.Equal(model.Temporaries, replayed.Usage.Select(usage => usage.TemporaryBytes));
            Assert.Equal(one.IsWhole, facts.StoppedBecause.Length == 0);
        },
        iter: 1000,
        seed: Seed);

    [Fact]
    public void The_replay_of_samples_says_what_was_added_up_while_they_came() => AnyCase.Sample(
        one =>
        {
            const long SampleBytes = 500;
            var ledger = new SampleLedger(new SampleWeights(SampleBytes), static node => (int)node);
            for (var time = 0; time < one.Moments.Length; time++)
                ledger.Apply(one.Moments[time], time * Millisecond);
            var replayed = EventReplay.Read(new MemoryStream(FileOf(one.Moments, isWhole: true, SampleBytes)), "it", new ReplayQuery(), static _ => { });
            var live = ledger.ToSummary(replayed.Facts, replayed.Stacks);

            Assert.Equal(live.Usage, replayed.Usage);
            Assert.Equal(live.Variances, replayed.Variances);
            Assert.Equal(live.Facts with { DurationNanoseconds = 0, Threads = 0 }, replayed.Facts with { DurationNanoseconds = 0, Threads = 0 });
        },
        iter: 300,
        seed: Seed);

    [Fact]
    public void A_file_cut_anywhere_shows_what_is_whole_or_says_one_line()
    {
        var random = new Random(1);
        var moments = Enumerable.Range(0, 300).Select(_ => new[] { Event(EventKind.Allocate, (ulong)random.Next(1, 50), 10, 1, 0) }).ToArray();
        var file = FileOf(moments, isWhole: true);
        var former = 0L;
        for (var length = 0; length < file.Length; length++)
        {
            try
            {
                var part = EventReplay.Read(new MemoryStream(file, 0, length), "it", new ReplayQuery(), static _ => { });
                Assert.InRange(part.Facts.Allocations, former, 300);
                Assert.Contains("the file ends", part.Facts.StoppedBecause, StringComparison.Ordinal);
                former = part.Facts.Allocations;
            }
            catch (Diagnostics.CannotContinueException)
            {
                Assert.Equal(0, former); // Nothing of the events was there yet.
            }
        }
        Assert.Equal(300, former);
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        var file = FileOf([[Event(EventKind.Allocate, 1, 10, 1, 0)], [Event(EventKind.Free, 1, 0, 0, 0)]], isWhole: true);
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsAny<Diagnostics.CannotContinueException>(() => EventReplay.Read(new MemoryStream(file), "it", new ReplayQuery(), static _ => { }));
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    internal static ReplayQuery QueryOf((AllocationEvent[][] Moments, int Since, int? Until, int? Thread, int Threshold, bool IsWhole) one) => new()
    {
        Since = one.Since * Millisecond,
        Until = one.Until * Millisecond,
        Threads = one.Thread is { } thread ? new HashSet<int> { thread } : null,
        TemporaryThreshold = one.Threshold,
    };

    private static AllocationEvent Event(EventKind kind, ulong place, ulong size, uint stack, int thread) => new()
    {
        Word0 = AllocationEvent.PackWord0(place * 16, kind, AllocatorDomain.Object),
        Word1 = AllocationEvent.PackWord1(size, (ushort)thread),
        Word2 = stack,
    };

    /// <summary>A block of events each 20 moments; a millisecond a moment.</summary>
    internal static byte[] FileOf(AllocationEvent[][] moments, bool isWhole, long sampleBytes = 0)
    {
        var events = new EventEncoder(node => (int)node);
        using var ledger = new AllocationLedger(Stacks) { Events = events };
        var bytes = new MemoryStream();
        using (var file = new AllocStream(bytes, static () => { }))
        {
            var stacks = new StackTable([new SourceFrame("f", "f.py", 1, 1)], new int[Stacks], new int[Stacks]);
            file.WriteFacts(Sketch with { SampleBytes = sampleBytes });
            file.WriteNames(stacks.Frames, stacks.ParentStack, stacks.InnermostFrame);
            for (var time = 0; time < moments.Length; time++)
            {
                ledger.Now = time * Millisecond;
                foreach (var each in moments[time])
                    ledger.Apply([each]);
                if (time % 20 == 19)
                    file.WriteEvents(events);
            }
            file.WriteEvents(events);
            if (isWhole)
                file.Finish(new RecordingSummary(Sketch with { SampleBytes = sampleBytes }, stacks, new StackUsage[Stacks], []), []);
        }
        return bytes.ToArray();
    }

    private static RecordingFacts Sketch { get; } = new()
    {
        ToolVersion = "", PythonVersion = "", CommandLine = [], StartedAt = DateTimeOffset.UnixEpoch, KeepsEvents = true, DurationNanoseconds = 0, ProcessId = 1,
        Ending = ProgramEnding.Unknown, EndingCode = 0, StoppedBecause = "", Allocations = 0, Frees = 0, AllocatedBytes = 0, TemporaryAllocations = 0,
        PeakBytes = 0, PeakBlocks = 0, PeakNanoseconds = 0, EndBytes = 0, EndBlocks = 0, UnknownFrees = 0, DuplicateAllocations = 0, LostEvents = 0, Waits = 0,
        WaitedNanoseconds = 0, Forks = 0, Threads = 0, ProgramCpuNanoseconds = 0, ToolCpuNanoseconds = 0, MaximumResidentBytes = -1,
    };

    private sealed class WindowModel(int since, int until, int? wanted, int threshold)
    {
        private sealed record Block(long Size, uint Stack, int Thread, int Born, int Order);

        private readonly Dictionary<ulong, Block> _live = [];
        private readonly Dictionary<int, Block?> _moving = [];
        private readonly int[] _orders = new int[Threads];
        private bool _hasBegun;

        public int Until => until;

        public long Peak { get; private set; }

        public long[] AtPeak { get; private set; } = new long[Stacks];

        public long[] Totals { get; } = new long[Stacks];

        public long[] Temporaries { get; } = new long[Stacks];

        public long Allocations { get; private set; }

        public long Frees { get; private set; }

        public long Temporary { get; private set; }

        public long Unknown { get; private set; }

        public IEnumerable<long> New() => Enumerable.Range(0, Stacks)
            .Select(stack => _live.Values.Where(block => block.Stack == stack && block.Born >= since && IsWanted(block)).Sum(block => block.Size));

        public void Begin()
        {
            if (!_hasBegun)
                (Peak, AtPeak) = (Held().Sum(), Held());
            _hasBegun = true;
        }

        public void Apply(int time, AllocationEvent e)
        {
            if (time >= since)
                Begin();
            switch (e.Kind)
            {
                case EventKind.Allocate:
                    Allocate(time, e);
                    break;
                case EventKind.Temporary:
                    Allocate(time, e);
                    Free(time, e);
                    break;
                case EventKind.Free:
                    Free(time, e);
                    break;
                case EventKind.Move:
                    _live.Remove(e.Address, out var moving);
                    _moving[e.Thread] = moving;
                    CountFree(time, moving, 1);
                    break;
                default:
                    CountFree(time, _moving[e.Thread], -1);
                    if (_moving[e.Thread] is { } back)
                        // Of such a block the file says only whether it was its thread's last.
                        _live[e.Address] = _orders[back.Thread] == back.Order ? back : back with { Order = int.MinValue / 2 };
                    break;
            }
            if (time < since || Held().Sum() <= Peak)
                return;
            (Peak, AtPeak) = (Held().Sum(), Held());
        }

        private void Allocate(int time, AllocationEvent e)
        {
            var block = new Block((long)e.Size, e.Stack, e.Thread, time, ++_orders[e.Thread]);
            _live[e.Address] = block;
            if (time >= since && IsWanted(block))
            {
                Allocations++;
                Totals[block.Stack] += block.Size;
            }
            if (time >= since && Held().Sum() > Peak)
                (Peak, AtPeak) = (Held().Sum(), Held());
        }

        private void Free(int time, AllocationEvent e)
        {
            _live.Remove(e.Address, out var block);
            CountFree(time, block, 1);
            if (block is null || !IsWanted(block) || block.Born < since || _orders[block.Thread] - block.Order >= threshold)
                return;
            Temporary++;
            Temporaries[block.Stack] += block.Size;
        }

        private void CountFree(int time, Block? block, int count)
        {
            if (time < since || (block is null ? wanted is not null : !IsWanted(block)))
                return;
            Frees += count;
            Unknown += block is null ? count : 0;
        }

        private bool IsWanted(Block block) => wanted is null || block.Thread == wanted;

        private long[] Held() =>
            [.. Enumerable.Range(0, Stacks).Select(stack => _live.Values.Where(block => block.Stack == stack && IsWanted(block)).Sum(block => block.Size))];
    }
}
