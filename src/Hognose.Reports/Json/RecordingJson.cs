using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Collections;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Json;

/// <summary>The report of a recording as JSON.</summary>
public static class RecordingJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    internal static readonly RecordingJsonContext Context = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // Names stay readable ("größe", "<module>"): this goes to a file or a pipe, never into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
        MaxDepth = 512, // A tree of calls takes two levels a call.
    });

    public static void Write(TextWriter output, RecordingSummary recording, RecordingReportOptions options)
    {
        output.Write(JsonSerializer.Serialize(DocumentOf(recording, options), Context.RecordingDocument));
        output.Write('\n');
    }

    private static RecordingDocument DocumentOf(RecordingSummary recording, RecordingReportOptions options)
    {
        var facts = recording.Facts;
        return new RecordingDocument(
            Schema,
            ProgramOf(facts),
            UsageOf(Seconds(facts.PeakNanoseconds), facts.PeakBytes, facts.PeakBlocks, Sites(RecordingView.HighWater), options.Grouping),
            UsageOf(Seconds(facts.EndNanoseconds), facts.EndBytes, facts.EndBlocks, Sites(RecordingView.Leaks), options.Grouping),
            new RemainderDocument(facts.SawTearDown, facts.NeverFreedBytes, facts.NeverFreedBlocks),
            new TotalsDocument(facts.Allocations, facts.AllocatedBytes, facts.Frees, facts.TemporaryAllocations, facts.Threads),
            facts.NativeAllocations ? NativeOf(facts, NativeUsage.Of(recording)) : null,
            RecorderOf(facts),
            [.. recording.Timeline.Select(MomentOf)],
            options.Modules.Count == 0 ? null : options.Modules,
            options.View is { } view ? ViewOf(view, Sites(view), options.Grouping) : null)
        {
            Children = recording.Family.Count == 0 ? null : [.. recording.Family.Select(ChildOf)],
            Tracemalloc = facts.Tracemalloc is { } traced ? new TracemallocFactsDocument(traced.Frames == 0 ? null : traced.Frames, Known(traced.PeakBytes)) : null,
            FamilyHighWaterMark = facts.FamilyPeakBytes == 0 ? null : new FamilyPeakDocument(Seconds(facts.FamilyPeakNanoseconds), facts.FamilyPeakBytes, true, facts.FamilyPeakProcesses),
            Marks = recording.Marks.Count == 0 ? null : [.. recording.Marks.Select(mark => new MarkDocument(mark.Name, Seconds(mark.Nanoseconds)))],
            Sampling = facts.SampleBytes > 0 ? SamplingOf(recording) : null,
            Collector = recording.Collections.Count == 0 ? null : [.. CollectionTotals.Of(recording.Collections).Select(total => GenerationOf(total, recording))],
        };

        SiteRanking Sites(RecordingView of) => SiteRanker.Rank(recording, of, options.Grouping, options.Sites);
    }

    private static CollectedGenerationDocument GenerationOf(GenerationTotal total, RecordingSummary recording) => new(
        total.Generation,
        total.Collections,
        total.Collected,
        total.Uncollectable,
        Seconds(total.PauseNanoseconds),
        Seconds(total.LongestNanoseconds),
        !total.IsExact,
        [.. recording.Collections.Where(each => each.Generation == total.Generation).Select(each =>
            new CollectionDocument(Seconds(each.Nanoseconds), each.Collections, each.Collected, each.Uncollectable, Seconds(each.PauseNanoseconds)))]);

    private static FamilyDocument ChildOf(FamilyMember member) => new(
        member.ProcessId,
        member.ParentId == 0 ? null : member.ParentId,
        member.CommandLine,
        member.StartedAt,
        member.PeakBytes,
        member.EndBytes,
        member.Allocations,
        Known(member.MaximumResidentBytes),
        member.File);

    internal static MomentDocument MomentOf(TimelinePoint point) => new(Seconds(point.Nanoseconds), point.HeapBytes, Known(point.ResidentBytes));

    internal static ProgramDocument ProgramOf(RecordingFacts facts) => new(
        facts.CommandLine,
        facts.ProcessId,
        facts.PythonVersion.Length == 0 ? null : facts.PythonVersion,
        facts.StartedAt,
        Seconds(facts.DurationNanoseconds),
        EndedOf(facts),
        CodeOf(facts, ProgramEnding.Exited),
        CodeOf(facts, ProgramEnding.Signalled),
        Known(facts.MaximumResidentBytes),
        Seconds(facts.ProgramCpuNanoseconds))
    {
        SampleBytes = facts.SampleBytes > 0 ? facts.SampleBytes : null,
    };

    internal static string EndedOf(RecordingFacts facts) => facts.Ending switch { ProgramEnding.Exited => "exited", ProgramEnding.Signalled => "signalled", _ => "unknown" };

    internal static int? CodeOf(RecordingFacts facts, ProgramEnding ending) => facts.Ending == ending ? facts.EndingCode : null;

    private static NativeDocument NativeOf(RecordingFacts facts, StackUsage usage) => new(
        usage.TotalBlocks,
        usage.TotalBytes,
        usage.PeakBytes,
        usage.PeakBlocks,
        usage.EndBytes,
        usage.EndBlocks,
        facts.NativeUnknownFrees,
        facts.NativeUnseenFrees,
        facts.UnhookedSlots);

    private static SamplingDocument SamplingOf(RecordingSummary recording) => new(
        SampleError.OfBytes(recording, RecordingView.HighWater),
        SampleError.OfBlocks(recording, RecordingView.HighWater),
        SampleError.OfBytes(recording, RecordingView.Leaks),
        SampleError.OfBlocks(recording, RecordingView.Leaks),
        SampleError.OfBytes(recording, RecordingView.All),
        SampleError.OfBlocks(recording, RecordingView.All));

    private static RecorderDocument RecorderOf(RecordingFacts facts) => new(
        facts.ToolVersion,
        facts.ToolCpuNanoseconds == 0 ? null : Seconds(facts.ToolCpuNanoseconds),
        facts.Waits,
        Seconds(facts.WaitedNanoseconds),
        facts.StoppedBecause.Length == 0 ? null : facts.StoppedBecause,
        facts.LostEvents,
        facts.DuplicateAllocations,
        facts.UnknownFrees,
        facts.Forks,
        facts.TruncatedStacks,
        facts.UndescribedCodes,
        facts.LayoutNotice.Length == 0 ? null : facts.LayoutNotice);

    private static UsageDocument UsageOf(double at, long bytes, long blocks, SiteRanking ranking, SiteGrouping grouping) => new(
        at,
        bytes,
        blocks,
        RecordingWords.Name(grouping),
        ranking.SiteCount,
        SitesOf(ranking, grouping));

    internal static ViewDocument ViewOf(RecordingView view, SiteRanking ranking, SiteGrouping grouping) => new(
        RecordingWords.Name(view), ranking.TotalBytes, ranking.TotalBlocks, RecordingWords.Name(grouping), ranking.SiteCount, SitesOf(ranking, grouping));

    internal static List<SiteDocument> SitesOf(SiteRanking ranking, SiteGrouping grouping) =>
        [.. ranking.Sites.Select(site => SiteOf(site, Math.Round(ranking.ShareOf(site), 6), grouping))];

    private static SiteDocument SiteOf(Site site, double share, SiteGrouping grouping) => new(
        site.Place is { Function.Length: > 0 } place ? place.Function : null,
        site.Place?.File,
        LineOf(site.Place),
        site.Bytes,
        site.Blocks,
        share,
        [.. site.Callers.Select(caller => new CallerDocument(caller.Frame.Function, caller.Frame.File, LineOf(caller.Frame), caller.Bytes, caller.FramesBetween))])
    {
        Module = grouping == SiteGrouping.Module ? site.Label : null,
        Types = site.Types.Count == 0 ? null : [.. site.Types.Select(type => new SurvivingTypeDocument(type.Type.Length == 0 ? null : type.Type, type.Blocks, type.Bytes))],
        HeldBy = site.Holders.Count == 0 ? null : [.. site.Holders.Select(way => new SurvivorHolderDocument(way.HeldBy, way.Objects, way.Bytes))],
        NativeBytes = site.NativeBytes,
        Processes = site.Processes,
        LargestProcessId = site.LargestProcess,
        LargestProcessBytes = site.LargestBytes,
        BytesError = site.BytesError,
    };

    internal static int? LineOf(SourceFrame? frame) => frame is { Line: > 0 } ? frame.Line : null;

    internal static long? Known(long bytes) => bytes < 0 ? null : bytes;

    // Six digits: a microsecond.
    internal static double Seconds(long nanoseconds) => Math.Round(nanoseconds / 1e9, 6);
}

[JsonSerializable(typeof(RecordingDocument))]
[JsonSerializable(typeof(CallTreeDocument))]
[JsonSerializable(typeof(FamilyReportDocument))]
[JsonSerializable(typeof(ComparisonDocument))]
[JsonSerializable(typeof(SourceLinesDocument))]
[JsonSerializable(typeof(SpreadDocument))]
[JsonSerializable(typeof(TracemallocDocument))]
internal sealed partial class RecordingJsonContext : JsonSerializerContext;
