using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>What ran and how it ended; the high-water mark and what was left.</summary>
internal sealed class ReportHeadline(IAnsiConsole console)
{
    private const int LabelWidth = 17;
    private readonly Glyphs _glyphs = Glyphs.For(console);

    public void Write(RecordingSummary recording)
    {
        var facts = recording.Facts;
        WriteProgram(facts);
        console.WriteLine();
        if (facts.Allocations == 0)
        {
            WriteNothing(facts);
            return;
        }
        console.Write(Figure(recording, RecordingView.HighWater, "High-water mark", facts.PeakBytes, facts.PeakBlocks, $", at {Seconds(facts.PeakNanoseconds)} of {Seconds(facts.DurationNanoseconds)}"));
        console.Write(Figure(recording, RecordingView.Leaks, EndLabel(facts), facts.EndBytes, facts.EndBlocks, facts.SawTearDown ? ", when Python began to shut down" : ""));
        if (facts.SawTearDown)
            console.Write(Figure(recording, null, "Never freed", facts.NeverFreedBytes, facts.NeverFreedBlocks, ", not even by Python's shutdown"));
        if (facts.MaximumResidentBytes > 0)
            console.Write(new StyledLine().Spaces(2).Left("Largest RSS", LabelWidth).Right(Quantities.Bytes(facts.MaximumResidentBytes), 10).Add("  the whole process, as the kernel counts it", Palette.Dim));
    }

    public void WriteProgram(RecordingFacts facts)
    {
        console.Write(Program(facts));
        // Beside the ending it would leave no room for the program's arguments.
        if (EndingWords.Guess(facts) is { Length: > 0 } guess)
            console.Write(new StyledLine().Spaces(2).Add(guess, Palette.Dim));
    }

    private StyledLine Program(RecordingFacts facts)
    {
        var python = facts.PythonVersion.Length == 0 ? "" : $"  Python {Names.Printable(facts.PythonVersion)}";
        var others = facts.Processes > 1 ? $", with {Quantities.Count(facts.Processes - 1, "other process", "other processes")}" : "";
        var end = $"  {EndingWords.Of(facts)}{(facts.Tracemalloc is null ? $" after {Seconds(facts.DurationNanoseconds)}" : "")}{others}";
        var command = CommandLine(facts);
        var room = console.Profile.Width - Names.Width(end) - Names.Width(python);
        if (room < Math.Min(30, Names.Width(command)))
            (python, room) = ("", room + Names.Width(python));
        return new StyledLine().Add(Names.CutRight(command, Math.Max(10, room), _glyphs), Palette.Heading).Add(python + end, Palette.Dim);
    }

    // The interpreter without its folder; the version beside it says which one it was.
    private static string CommandLine(RecordingFacts facts) =>
        Names.Printable(string.Join(' ', facts.CommandLine.Select((argument, index) => index == 0 ? argument[(argument.LastIndexOf('/') + 1)..] : argument)));

    private StyledLine Figure(RecordingSummary recording, RecordingView? view, string label, long bytes, long blocks, string rest)
    {
        var line = new StyledLine().Spaces(2).Left(label, LabelWidth);
        if (recording.Facts.SampleBytes == 0)
            return line.Right(Quantities.Bytes(bytes), 10, Palette.Figure).Add($"  in {Quantities.Count(blocks, "block")}{rest}", Palette.Dim);
        var error = view is { } one ? $" ± {Quantities.Bytes(SampleError.OfBytes(recording, one))}" : "";
        return line.Right(_glyphs.Own($"≈ {Quantities.Bytes(bytes)}"), 12, Palette.Figure).Add(_glyphs.Own($"{error}  in ≈ {Quantities.Count(blocks)} blocks{rest}"), Palette.Dim);
    }

    // A recording may end before its program does; a killed program frees nothing, which is no leak. After a normal end CPython frees most of
    // what leaked too, which would hide it: the end is the instant before that.
    public static string EndLabel(RecordingFacts facts) => facts.Part.Length > 0 ? "Alive then" : facts.Tracemalloc is not null ? "Alive when it was read"
        : facts.Processes > 1 ? "Held at the ends" : facts.StoppedBecause.Length > 0 || facts.Ending == ProgramEnding.Unknown ? "Held when we left"
        : facts.Ending == ProgramEnding.Signalled ? "Held when killed" : "Held at the end";

    private void WriteNothing(RecordingFacts facts) => console.Write(new StyledLine().Spaces(2).Add(
        facts.PythonVersion.Length == 0
            ? "Hognose's agent found no Python to enter, so there is nothing to report."
            : facts.IsCutShort ? "The file is cut short: nothing of what was allocated can be read from it."
            : "Python allocated nothing while we recorded.",
        Palette.Warning));

    private string Seconds(long nanoseconds) => _glyphs.Own(Quantities.Seconds(nanoseconds));
}
