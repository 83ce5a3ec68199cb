using System.Globalization;
using Hognose.Formats.Alloc;

namespace Hognose.Insights.Families;

/// <summary>Adds recordings up to a family, one after the other: only what each process's stacks held stays in memory.</summary>
/// <param name="byProcess">Every stack begins with its process, so that pictures of calls tell processes apart.</param>
public sealed class FamilyBuilder(bool byProcess)
{
    /// <summary>In place of a file's name: no function, but the process whose stacks these are.</summary>
    private const string ProcessFile = "<process>";

    private readonly StackInterner _stacks = new();
    private readonly List<Entry> _entries = [];
    private readonly List<FamilyMember> _members = [];
    private readonly List<StackUsage> _usage = [];
    private readonly List<StackVariance> _variances = [];
    private readonly Dictionary<int, SizeClass> _sizes = [];
    private readonly Dictionary<int, DomainUsage> _domains = [];
    private readonly Dictionary<(int Stack, string Type), SurvivingType> _types = [];
    private readonly Dictionary<int, SpreadUsage> _parts = [];
    private RecordingSpread? _spread;
    private UInt128 _everything;

    public int Count => _entries.Count;

    /// <summary>Of stacks by process the outermost frame, which names the process and is no code.</summary>
    public static bool IsProcess(SourceFrame frame) => frame.File == ProcessFile;

    /// <summary>The recording is that of the process that another one tells of.</summary>
    public static bool AreSame(FamilyMember member, RecordingFacts facts) => FamilyTree.AreSame(member, facts);

    /// <returns>false: with it there would be more bytes than there can be, so one of the files is wrong; it was left out.</returns>
    public bool TryAdd(RecordingSummary recording, string file)
    {
        var all = _everything;
        foreach (var usage in recording.Usage)
            all += (UInt128)usage.PeakBytes + (UInt128)usage.EndBytes + (UInt128)usage.TotalBytes + (UInt128)usage.TemporaryBytes
                + (UInt128)usage.PeakBlocks + (UInt128)usage.EndBlocks + (UInt128)usage.TotalBlocks + (UInt128)usage.TemporaryBlocks;
        if (all > long.MaxValue)
            return false;
        _everything = all;
        var numbers = NumbersOf(recording.Stacks, byProcess ? FrameOf(recording.Facts) : null);
        while (_usage.Count < _stacks.Count)
        {
            _usage.Add(default);
            _variances.Add(default);
        }
        var own = AddUsage(recording, numbers);
        AddSpread(recording, numbers);
        _members.AddRange(recording.Family);
        _entries.Add(new Entry(recording.Facts, file, recording.Timeline, own));
        return true;
    }

    public RecordedFamily Build()
    {
        var sharesClock = _entries[0].Facts is { FamilyId: > 0 } first && _entries.TrueForAll(entry => entry.Facts.FamilyId == first.FamilyId && entry.Facts.BeganNanoseconds > 0);
        var begins = Begins(sharesClock);
        var order = FamilyTree.Of([.. _entries.Select((entry, index) => (entry.Facts, begins[index]))], _members);
        var overTime = FamilyOverTime.Of([.. _entries.Select((entry, index) => (begins[index], entry.Facts, entry.Timeline))]);
        var total = _usage.Aggregate(default(StackUsage), (sum, one) => sum.Plus(in one));
        var samples = _entries.Max(entry => entry.Facts.SampleBytes);
        return new RecordedFamily(
            [.. order.Select(each => new RecordedProcess(_entries[each.Index].Facts, _entries[each.Index].File, begins[each.Index], each.Origin, each.ParentId, each.Depth))],
            new RecordingSummary(FactsOf(_entries[order[0].Index].Facts, begins, overTime, total, samples), _stacks.ToTable(), [.. _usage], overTime.Timeline)
            {
                Variances = samples > 0 ? [.. _variances] : [],
                SurvivingTypes = [.. _types.Values],
                Shape = new RecordingShape([], [.. _sizes.Values], [.. _domains.Values], []),
                Spread = _spread is null ? null : _spread with { Parts = [.. _parts.Values] },
            },
            overTime,
            sharesClock)
        {
            UsageOfProcesses = [.. order.Select(each => _entries[each.Index].Usage)],
            Total = total,
        };
    }

    /// <summary>Of each stack of a recording, its number here.</summary>
    /// <param name="stacks">Callers come before what they call, as files have them.</param>
    /// <param name="outermost">Called all of them; null: nobody did.</param>
    private int[] NumbersOf(StackTable stacks, SourceFrame? outermost)
    {
        var frames = stacks.Frames.Select(_stacks.FrameOf).ToArray();
        var numbers = new int[stacks.Count];
        numbers[0] = outermost is null ? 0 : _stacks.StackOf(0, _stacks.FrameOf(outermost));
        for (var stack = 1; stack < numbers.Length; stack++)
            numbers[stack] = _stacks.StackOf(numbers[stacks.ParentStack[stack]], frames[stacks.InnermostFrame[stack]]);
        return numbers;
    }

    private static SourceFrame FrameOf(RecordingFacts facts)
    {
        const int longest = 100;
        var words = string.Join(' ', facts.CommandLine.Skip(1));
        return new SourceFrame(string.Create(CultureInfo.InvariantCulture, $"pid {facts.ProcessId} {(words.Length > longest ? words[..longest] : words)}"), ProcessFile, 0, 0);
    }

    private List<(int Stack, StackUsage Usage)> AddUsage(RecordingSummary recording, int[] numbers)
    {
        var own = new List<(int Stack, StackUsage Usage)>();
        for (var stack = 0; stack < recording.Usage.Length; stack++)
        {
            if (recording.Usage[stack] == default)
                continue;
            own.Add((numbers[stack], recording.Usage[stack]));
            _usage[numbers[stack]] = _usage[numbers[stack]].Plus(in recording.Usage[stack]);
            if (stack < recording.Variances.Length)
                _variances[numbers[stack]] = _variances[numbers[stack]].Plus(recording.Variances[stack]);
        }
        return own;
    }

    private void AddSpread(RecordingSummary recording, int[] numbers)
    {
        foreach (var size in recording.Shape.Sizes)
        {
            var known = _sizes.GetValueOrDefault(size.Exponent);
            _sizes[size.Exponent] = new SizeClass(size.Exponent, Saturated.Sum(known.Allocations, size.Allocations), Saturated.Sum(known.Bytes, size.Bytes));
        }
        foreach (var domain in recording.Shape.Domains)
        {
            var known = _domains.GetValueOrDefault(domain.Domain);
            _domains[domain.Domain] = new DomainUsage(domain.Domain, Saturated.Sum(known.Allocations, domain.Allocations), Saturated.Sum(known.Bytes, domain.Bytes));
        }
        _spread = recording.Spread ?? _spread;
        foreach (var part in recording.Spread?.Parts ?? [])
        {
            var known = _parts.GetValueOrDefault(part.Key);
            _parts[part.Key] = new SpreadUsage(0, part.Key, known.Usage.Plus(part.Usage), Saturated.Sum(known.NeverFreedBytes, part.NeverFreedBytes));
        }
        foreach (var type in recording.SurvivingTypes)
        {
            var key = (numbers[type.Stack], type.Type);
            var known = _types.GetValueOrDefault(key);
            _types[key] = new SurvivingType(key.Item1, type.Type, Saturated.Sum(known?.Blocks ?? 0, type.Blocks), Saturated.Sum(known?.Bytes ?? 0, type.Bytes));
        }
    }

    /// <summary>Of each recording, on a clock that starts with the first.</summary>
    private long[] Begins(bool sharesClock)
    {
        if (sharesClock)
        {
            var first = _entries.Min(entry => entry.Facts.BeganNanoseconds);
            return [.. _entries.Select(entry => entry.Facts.BeganNanoseconds - first)];
        }
        var begin = _entries.Min(entry => entry.Facts.StartedAt);
        return [.. _entries.Select(entry => (long)Math.Min((entry.Facts.StartedAt - begin).TotalNanoseconds, long.MaxValue / 2))];
    }

    /// <summary>As a whole the family is the program that began it.</summary>
    private RecordingFacts FactsOf(RecordingFacts first, long[] begins, FamilyOverTime overTime, StackUsage total, long samples) => first with
    {
        Processes = _entries.Count,
        DurationNanoseconds = _entries.Select((entry, index) => Saturated.Sum(begins[index], entry.Facts.DurationNanoseconds)).Max(),
        Allocations = Saturated.Sum(_entries.Select(entry => entry.Facts.Allocations)),
        Frees = Saturated.Sum(_entries.Select(entry => entry.Facts.Frees)),
        AllocatedBytes = Saturated.Sum(_entries.Select(entry => entry.Facts.AllocatedBytes)),
        TemporaryAllocations = Saturated.Sum(_entries.Select(entry => entry.Facts.TemporaryAllocations)),
        PeakBytes = overTime.PeakBytes,
        PeakBlocks = total.PeakBlocks,
        PeakNanoseconds = overTime.PeakNanoseconds,
        EndBytes = total.EndBytes,
        EndBlocks = total.EndBlocks,
        NeverFreedBytes = Saturated.Sum(_entries.Select(entry => entry.Facts.NeverFreedBytes)),
        NeverFreedBlocks = Saturated.Sum(_entries.Select(entry => entry.Facts.NeverFreedBlocks)),
        NativeAllocations = _entries.Exists(entry => entry.Facts.NativeAllocations),
        NativeStacks = _entries.Exists(entry => entry.Facts.NativeStacks),
        CutNativeStacks = Saturated.Sum(_entries.Select(entry => entry.Facts.CutNativeStacks)),
        SampleBytes = samples,
        MaximumResidentBytes = -1,
    };

    private sealed record Entry(RecordingFacts Facts, string File, IReadOnlyList<TimelinePoint> Timeline, IReadOnlyList<(int Stack, StackUsage Usage)> Usage);
}
