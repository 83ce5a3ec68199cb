using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports.ChromeTrace;
using Hognose.Reports.Csv;
using Hognose.Reports.Folded;
using Hognose.Reports.Json;
using Hognose.Reports.Pprof;
using Hognose.Reports.Speedscope;

namespace Hognose.Cli.Recordings;

/// <summary>A format that other tools read.</summary>
/// <param name="Ending">Of the file's name.</param>
/// <param name="Next">What to do with the file; {0} stands for it.</param>
internal sealed record ExportFormat(string Name, string Ending, string Next, Action<Stream, RecordingSummary, RecordingView> Write)
{
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new("pprof", ".pb.gz", "go tool pprof -http=: {0}", WritePprof),
        new("speedscope", ".speedscope.json", "npx speedscope {0}, or drop it on https://www.speedscope.app", SpeedscopeFile.Write),
        new("folded", ".folded", "flamegraph.pl --countname=bytes {0} > {0}.svg", AsText(FoldedStacks.Write)),
        new("csv", ".csv", "a spreadsheet, or pandas.read_csv", AsText(StacksCsv.Write)),
        new("json", ".stacks.json", "jq '.stacks[0]' {0}", RecordingStacksJson.Write),
        new("chrome-trace", ".trace.json", "open it in https://ui.perfetto.dev or chrome://tracing", ChromeTraceFile.Write),
    ];

    private static void WritePprof(Stream output, RecordingSummary recording, RecordingView view)
    {
        if (view == RecordingView.Temporary)
            throw new CannotContinueException("a heap profile of pprof has what was allocated and what is held, not what was temporary", "give another --view, or export to speedscope or folded");
        PprofProfile.Write(output, recording, view);
    }

    private static Action<Stream, RecordingSummary, RecordingView> AsText(Action<TextWriter, RecordingSummary, RecordingView> write) => (output, recording, view) =>
    {
        using var text = new StreamWriter(output, bufferSize: 64 * 1024, leaveOpen: true);
        write(text, recording, view);
    };
}
