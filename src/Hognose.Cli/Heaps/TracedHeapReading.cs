using Hognose.Cli.Attaching;
using Hognose.Cli.Recordings;
using Hognose.CPython.Runtime;
using Hognose.CPython.Tracing;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Heaps;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Heaps;

/// <summary>From a pid or a core to what tracemalloc in it knew.</summary>
internal static class TracedHeapReading
{
    /// <summary>Copies in all: one that was made while tracemalloc changed its tables, which takes it a microsecond, is made again.</summary>
    private const int MostTries = 4;

    /// <exception cref="CannotContinueException">It can't be read, or tracemalloc doesn't run there.</exception>
    public static TracedHeap Of(HeapSource source, Limits limits, CancellationToken cancellation)
    {
        if (source.IsSnapshot)
            throw new CannotContinueException($"'{source.Path}' is a snapshot of a heap, which keeps nothing of tracemalloc", "give a pid or a core file");
        for (var turn = 1; ; turn++)
        {
            var trouble = new DiagnosticBag();
            var (facts, traced) = Read(source, limits, trouble, cancellation);
            if (!traced.IsTorn || turn == MostTries || source.Path is not null || source.Way == CopyWay.Running)
                return new TracedHeap(facts, RecordingOf(facts, traced, source, trouble), trouble);
        }
    }

    /// <summary>Whether tracemalloc runs in a process, as far as can be told.</summary>
    public static bool IsTracing(TargetProcess process, PythonRuntime python, Limits limits) =>
        TracemallocPlaces.Find(process, python, limits).IsTracing(process.Memory, python.Layout) == true;

    private static (HeapFacts Facts, TracedMemory Traced) Read(HeapSource source, Limits limits, DiagnosticBag trouble, CancellationToken cancellation)
    {
        TracemallocPlaces? places = null;
        bool? isTracing = null;
        var (copy, python, facts) = source.Copy(limits, trouble, readsAccount: false, cancellation, Look);
        using (copy)
        {
            var traced = TracemallocReader.Read(copy.Memory, copy.Regions.Regions, python, places!.Through(python), limits, trouble, cancellation);
            if (isTracing is null && traced.AllBlocks == 0)
                throw NotTracing(source.Path is null ? $"pid {source.ProcessId}" : $"'{source.Path}'", source);
            return (facts(), traced);
        }

        void Look(ITarget target, PythonRuntime found)
        {
            places = TracemallocPlaces.Find(target, found, limits);
            isTracing = places.IsTracing(target.Memory, found.Layout);
            if (isTracing == false)
                throw NotTracing(target.Display, source);
        }
    }

    private static CannotContinueException NotTracing(string target, HeapSource source) => new(
        $"tracemalloc does not run in {target}",
        source.Path is null
            ? $"start the program with 'python -X tracemalloc', or record it from now on with 'hognose attach {source.ProcessId}'"
            : "what it holds is told by 'hognose heap', 'biggest' and 'suspects'");

    private static RecordingSummary RecordingOf(HeapFacts facts, TracedMemory traced, HeapSource source, DiagnosticBag trouble)
    {
        var usage = new StackUsage[traced.Stacks.Count];
        for (var stack = 0; stack < usage.Length; stack++)
            usage[stack] = Alive(traced.Bytes[stack], traced.Blocks[stack]);
        return new RecordingSummary(FactsOf(facts, traced, source, trouble), traced.Stacks, usage, []);
    }

    /// <summary>What is alive now is all that was ever seen.</summary>
    private static StackUsage Alive(long bytes, long blocks) =>
        new() { PeakBytes = bytes, PeakBlocks = blocks, EndBytes = bytes, EndBlocks = blocks, TotalBytes = bytes, TotalBlocks = blocks };

    private static RecordingFacts FactsOf(HeapFacts facts, TracedMemory traced, HeapSource source, DiagnosticBag trouble)
    {
        var (bytes, blocks) = (traced.AllBytes, traced.AllBlocks);
        return new RecordingFacts
        {
            ToolVersion = RecordingFile.ToolVersion,
            PythonVersion = facts.PythonVersion,
            CommandLine = CommandLineOf(facts, source),
            StartedAt = source.Path is { } core ? new DateTimeOffset(File.GetLastWriteTimeUtc(core)) : DateTimeOffset.UtcNow,
            DurationNanoseconds = 0,
            ProcessId = facts.ProcessId,
            Ending = ProgramEnding.Unknown,
            EndingCode = 0,
            StoppedBecause = "",
            Allocations = blocks,
            Frees = 0,
            AllocatedBytes = bytes,
            TemporaryAllocations = 0,
            PeakBytes = bytes,
            PeakBlocks = blocks,
            PeakNanoseconds = 0,
            EndBytes = bytes,
            EndBlocks = blocks,
            NeverFreedBytes = bytes,
            NeverFreedBlocks = blocks,
            UnknownFrees = 0,
            DuplicateAllocations = 0,
            LostEvents = 0,
            Waits = 0,
            WaitedNanoseconds = 0,
            Forks = 0,
            Threads = facts.Threads,
            ProgramCpuNanoseconds = 0,
            ToolCpuNanoseconds = 0,
            MaximumResidentBytes = source.Path is null ? facts.Memory.PeakResident : -1,
            LayoutNotice = string.Join("; ", trouble.Kept.Where(each => HeapAnswer.IsRemark(each.Id)).Select(each => each.Message)),
            Tracemalloc = new TracemallocFacts(traced.FramesKept, traced.PeakBytes) { CutStacks = traced.CutStacks, Domains = traced.Domains },
        };
    }

    private static IReadOnlyList<string> CommandLineOf(HeapFacts facts, HeapSource source) => source.Path is null
        ? AttachedProgram.CommandLineOf(source.ProcessId)
        : (facts.Core?.CommandLine ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
