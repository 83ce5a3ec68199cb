using System.Diagnostics;
using System.Globalization;
using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording.Ring;
using Hognose.Recording.Summary;

namespace Hognose.Recording;

/// <summary>What only the launcher of the program knows.</summary>
public sealed record ProgramFacts(
    string ToolVersion,
    IReadOnlyList<string> CommandLine,
    DateTimeOffset StartedAt,
    int ProcessId,
    ProgramEnding Ending,
    int EndingCode,
    long ProgramCpuNanoseconds,
    long ToolCpuNanoseconds,
    long MaximumResidentBytes,
    string LayoutNotice);

/// <summary>One recording from the first event to the summary. The caller calls <see cref="Step"/> often (at least each millisecond) until the program ended.</summary>
public sealed unsafe class RecordingSession : IDisposable
{
    private readonly RingFollower _follower;
    private readonly Timeline _timeline = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Func<long> _residentBytes;

    /// <param name="region">The formatted region, which must outlive this.</param>
    /// <param name="layouts">What the agent must know of the interpreter.</param>
    /// <param name="residentBytes">The program's resident size now; -1 when it is not known.</param>
    public RecordingSession(byte* region, ILayoutSource layouts, Func<long> residentBytes)
    {
        _follower = new RingFollower(region, layouts);
        _residentBytes = residentBytes;
    }

    /// <summary>Why the interpreter was refused; empty while it was not.</summary>
    public string Refusal => _follower.Refusal;

    public AgentState State => _follower.Facts.State;

    /// <summary>What an attached agent said to the last thing it was asked for.</summary>
    public AttachAnswer Answer => _follower.Answer;

    /// <summary>Events since the start, for the pace of the caller's polling.</summary>
    public ulong Step()
    {
        var now = Elapsed;
        _follower.Ledger.Now = now;
        var events = _follower.Drain();
        if (_timeline.IsDue(now))
            _timeline.Add(new TimelinePoint(now, _follower.Ledger.HeapBytes, _residentBytes()));
        return events;
    }

    /// <summary>Takes the last events and adds all up. The program has ended.</summary>
    public RecordingSummary Finish(ProgramFacts program)
    {
        while (Step() > 0)
        {
        }
        _follower.DrainStage();
        var ring = _follower.Facts;
        _timeline.Add(new TimelinePoint(Elapsed, _follower.Ledger.HeapBytes, -1));
        var builder = new StackTableBuilder(_follower.Region, ring);
        builder.Add(_follower.Ledger, ring.NodeCount);
        var (stacks, usage) = builder.Build();
        return new RecordingSummary(Facts(program, ring), stacks, usage, _timeline.Points);
    }

    public void Dispose() => _follower.Dispose();

    private long Elapsed => (long)Stopwatch.GetElapsedTime(_start).TotalNanoseconds;

    private RecordingFacts Facts(ProgramFacts program, RingFacts ring)
    {
        var ledger = _follower.Ledger;
        return new RecordingFacts
        {
            ToolVersion = program.ToolVersion,
            PythonVersion = VersionText(ring.PythonVersion),
            CommandLine = program.CommandLine,
            StartedAt = program.StartedAt,
            DurationNanoseconds = Elapsed,
            ProcessId = program.ProcessId,
            Ending = program.Ending,
            EndingCode = program.EndingCode,
            StoppedBecause = StopText.Of(ring),
            Allocations = ledger.Allocations,
            Frees = ledger.Frees,
            AllocatedBytes = ledger.AllocatedBytes,
            TemporaryAllocations = ledger.TemporaryAllocations,
            PeakBytes = ledger.PeakBytes,
            PeakBlocks = ledger.PeakBlocks,
            PeakNanoseconds = ledger.PeakNanoseconds,
            EndBytes = ledger.End?.Bytes ?? ledger.HeapBytes,
            EndBlocks = ledger.End?.Blocks ?? ledger.HeapBlocks,
            EndNanoseconds = ledger.End?.Nanoseconds ?? Elapsed,
            SawTearDown = ledger.End is not null,
            NeverFreedBytes = ledger.HeapBytes,
            NeverFreedBlocks = ledger.HeapBlocks,
            UnknownFrees = ledger.UnknownFrees,
            DuplicateAllocations = ledger.DuplicateAllocations,
            LostEvents = ring.LostEvents,
            Waits = ring.Waits,
            WaitedNanoseconds = ring.WaitedNanoseconds,
            Forks = ring.Forks,
            TruncatedStacks = ring.TruncatedStacks,
            UndescribedCodes = ring.UndescribedCodes,
            LayoutNotice = program.LayoutNotice,
            Threads = ledger.Threads,
            ProgramCpuNanoseconds = program.ProgramCpuNanoseconds,
            ToolCpuNanoseconds = program.ToolCpuNanoseconds,
            MaximumResidentBytes = program.MaximumResidentBytes,
        };
    }

    /// <summary>"3.11.7", "3.15.0rc2"; empty when no Python said hello.</summary>
    private static string VersionText(uint hex)
    {
        if (hex == 0)
            return "";
        var level = ((hex >> 4) & 15) switch { 0xA => "a", 0xB => "b", 0xC => "rc", _ => "" };
        var serial = level.Length == 0 ? "" : (hex & 15).ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{hex >> 24}.{(hex >> 16) & 255}.{(hex >> 8) & 255}{level}{serial}");
    }
}
