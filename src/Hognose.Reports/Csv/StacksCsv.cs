using System.Globalization;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Csv;

/// <summary>A row a stack, with all that is known of it, quoted as RFC 4180 says. docs/formats/export-csv.md explains each column.</summary>
public static class StacksCsv
{
    private const string Head =
        "function,file,line,high_water_bytes,high_water_blocks,end_bytes,end_blocks,total_bytes,total_blocks,temporary_bytes,temporary_blocks,stack";

    /// <summary>In the order of the views that samples tell.</summary>
    private const string ErrorHead = ",high_water_bytes_error,end_bytes_error,total_bytes_error";

    /// <summary>In the order of <see cref="Head"/>.</summary>
    private static readonly RecordingView[] Measures = [RecordingView.HighWater, RecordingView.Leaks, RecordingView.All, RecordingView.Temporary];

    public static void Write(TextWriter output, RecordingSummary recording, RecordingView view)
    {
        var frames = new StackFrames(recording);
        var isEstimate = recording.Facts.SampleBytes > 0;
        var told = RecordingViews.ToldBy(recording.Facts).ToHashSet();
        output.Write(Head + (isEstimate ? ErrorHead : "") + "\n");
        foreach (var stack in frames.Heaviest(view))
        {
            var usage = recording.Usage[stack];
            var asking = recording.Stacks.OfPython(stack);
            var place = asking == 0 ? null : recording.Stacks.Frames[recording.Stacks.InnermostFrame[asking]];
            output.Write($"{Quoted(place?.Function ?? "")},{Quoted(place?.File ?? "")},");
            output.Write(place is { Line: > 0 } ? place.Line.ToString(CultureInfo.InvariantCulture) : "");
            foreach (var measure in Measures)
                output.Write(told.Contains(measure) && measure.Of(usage) is var (bytes, blocks) ? string.Create(CultureInfo.InvariantCulture, $",{bytes},{blocks}") : ",,");
            // Frames of a stack stand in lines of one field, as in a traceback: no sign but the line break is in no name.
            output.Write($",{Quoted(string.Join('\n', frames.OutermostFirst(stack).Select(frame => frames.Text(frame).ReplaceLineEndings(" "))))}");
            if (isEstimate)
                foreach (var measure in RecordingViews.ToldBy(recording.Facts))
                    output.Write(string.Create(CultureInfo.InvariantCulture, $",{SampleError.OfVariance(SampleError.VarianceOfBytes(recording, measure, stack))}"));
            output.Write('\n');
        }
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
