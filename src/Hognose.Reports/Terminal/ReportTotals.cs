using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Collections;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Totals, what recording cost, and whatever makes the figures less than whole.</summary>
internal sealed class ReportTotals(IAnsiConsole console)
{
    private const int LabelWidth = 17;
    private readonly Glyphs _glyphs = Glyphs.For(console);

    public void Write(RecordingSummary recording)
    {
        var facts = recording.Facts;
        console.WriteLine();
        if (facts.SampleBytes > 0)
        {
            WriteEstimates(recording);
        }
        else if (facts.Allocations > 0)
        {
            Line("Totals", $"{Quantities.Count(facts.Allocations, "allocation")} of {Quantities.Bytes(facts.AllocatedBytes)}, {Quantities.Count(facts.Frees, "free")}"
                + (facts.Threads > 1 ? $", {Quantities.Count(facts.Threads)} threads" : ""));
            Line("Temporary", $"{Quantities.Percent((double)facts.TemporaryAllocations / facts.Allocations)} of allocations, freed before their thread made another");
        }
        if (facts.NativeAllocations)
            Line("Of it by C code", Native(NativeUsage.Of(recording)));
        foreach (var total in CollectionTotals.Of(recording.Collections))
            Line(total.Generation == 0 ? "Collector" : "", CollectorWords(total));
        if (recording.Marks.Count > 0)
            Line("Marks", MarkWords(recording.Marks));
        Line("Recording cost", facts.ToolCpuNanoseconds > 0
            ? $"{Seconds(facts.ToolCpuNanoseconds)} CPU of hognose beside {Seconds(facts.ProgramCpuNanoseconds)} of the program"
            : $"CPU of hognose not known beside {Seconds(facts.ProgramCpuNanoseconds)} of the program");
        if (facts.Waits > 0)
            Line("Program waited", $"{Quantities.Count(facts.Waits, "time")} for hognose, {Seconds(facts.WaitedNanoseconds)} in all");
        if (OutsideMemory.Of(recording) is > 0 and var outside)
            Line("Note", $"about {Quantities.Bytes(outside)} of RSS is memory that C code took itself (numpy's arrays, buffers of extensions): only --native-allocations records it", Palette.Warning);
        foreach (var note in Notes(facts))
            Line("Note", note, Palette.Warning);
        if (recording.SurvivingTypes.Count > 0)
            Line("Reused memory", BirthWords.FreeLists);
    }

    private void WriteEstimates(RecordingSummary recording)
    {
        var facts = recording.Facts;
        Line("Totals", _glyphs.Own($"≈ {Quantities.Count(facts.Allocations)} ± {Quantities.Count(SampleError.OfBlocks(recording, RecordingView.All))} allocations of "
            + $"≈ {Quantities.Bytes(facts.AllocatedBytes)} ± {Quantities.Bytes(SampleError.OfBytes(recording, RecordingView.All))}, ≈ {Quantities.Count(facts.Frees, "free")}"
            + (facts.Threads > 1 ? $", {Quantities.Count(facts.Threads)} threads" : "")));
        Line("Sampled", _glyphs.Own($"one allocation in {Quantities.Bytes(facts.SampleBytes)} on average: figures are estimates, and lie within their ± in 95 of 100 runs"));
    }

    private string CollectorWords(GenerationTotal total) =>
        $"generation {total.Generation}: {Quantities.Count(total.Collections, "collection")}, {Quantities.Count(total.Collected, "object")} freed"
        + (total.Uncollectable > 0 ? $", {Quantities.Count(total.Uncollectable)} uncollectable" : "")
        + (total is { IsExact: false, PauseNanoseconds: 0 } ? "; too short to be met by our looks" : $"; {(total.IsExact ? "" : "about ")}{Seconds(total.PauseNanoseconds)} in all");

    private string MarkWords(IReadOnlyList<RecordingMark> marks)
    {
        const int most = 8;
        return string.Join(", ", marks.Take(most).Select(mark => $"'{Names.Printable(mark.Name)}' at {Seconds(mark.Nanoseconds)}"))
            + (marks.Count > most ? $" and {Quantities.Count(marks.Count - most)} more" : "");
    }

    private void Line(string label, string text, Style? labelStyle = null)
    {
        foreach (var part in Names.Wrap(text, console.Profile.Width - LabelWidth - 2))
        {
            console.Write(new StyledLine().Spaces(2).Left(label, LabelWidth, labelStyle).Add(part, Palette.Dim));
            label = "";
        }
    }

    private static string Native(StackUsage usage) =>
        $"{Quantities.Count(usage.TotalBlocks, "allocation")} of {Quantities.Bytes(usage.TotalBytes)}; "
        + $"{Quantities.Bytes(usage.PeakBytes)} at the high-water mark, {Quantities.Bytes(usage.EndBytes)} at the end";

    public static string PartNote(RecordingFacts facts) => $"only a part of the recording: {Names.Printable(facts.Part)}";

    private static IEnumerable<string> Notes(RecordingFacts facts)
    {
        if (facts.Part.Length > 0)
            yield return PartNote(facts);
        if (facts.StoppedBecause.Length > 0)
            yield return $"recording stopped before the program ended: {Names.Printable(facts.StoppedBecause)}";
        if (facts.LayoutNotice.Length > 0)
            yield return Names.Printable(facts.LayoutNotice);
        if (facts.LostEvents > 0)
            yield return $"{Quantities.Count(facts.LostEvents, "event")} {(facts.StoppedBecause.Length > 0 ? "came after that and " : "")}were not recorded";
        if (facts.Forks > 0 && !facts.FollowsFamily)
            yield return $"{Quantities.Count(facts.Forks, "fork")}: child processes are not recorded";
        if (facts.TruncatedStacks > 0)
            yield return $"a new stack found the agent's table full {Quantities.Count(facts.TruncatedStacks, "time")}: counted at its nearest known caller";
        if (facts.UndescribedCodes > 0)
            yield return $"{Quantities.Count(facts.UndescribedCodes, "function")} too many for the agent's table: shown as ?";
        if (facts.CutNativeStacks > 0)
            yield return $"the C frames of {Quantities.Count(facts.CutNativeStacks, "allocation")} end early: code without unwind tables, a stack that is not the thread's own, or very deep recursion";
        if (facts.DuplicateAllocations > 0)
            yield return $"{Quantities.Count(facts.DuplicateAllocations, "event")} contradicted earlier ones (please report this)";
        if (facts.UnhookedSlots > 0)
            yield return $"{Quantities.Count(facts.UnhookedSlots, "call")} in libraries could not be hooked: what C code allocates or starts there is missing";
        if (facts.UnknownFrees > 0)
            yield return $"{Quantities.Count(facts.UnknownFrees, "block")} freed had been allocated before recording began";
    }

    private string Seconds(long nanoseconds) => _glyphs.Own(Quantities.Seconds(nanoseconds));
}
