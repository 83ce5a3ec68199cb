using Hognose.Formats.Alloc;
using Hognose.Reports.Terminal;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Hognose.Reports.Tests;

/// <summary>Renders a report as a terminal of a given kind would get it.</summary>
internal static class ReportText
{
    public static RecordingReportOptions Options { get; } = new("hognose-main.4711.alloc", "/srv/app");

    /// <summary>What is to be typed next is never cut.</summary>
    public static bool IsNoCommand(string line) => !line.StartsWith("  Next  hognose ", StringComparison.Ordinal) && !line.TrimStart().StartsWith("hognose ", StringComparison.Ordinal);

    public static string Of(RecordingSummary recording, int width = 100, bool unicode = false, bool colours = false, RecordingReportOptions? options = null)
    {
        using var console = new TestConsole().Width(width).SupportsUnicode(unicode).Colors(colours ? ColorSystem.EightBit : ColorSystem.NoColors);
        console.EmitAnsiSequences = colours;
        RecordingReport.Write(console, recording, options ?? Options);
        return console.Output;
    }

    public static string Of(int width, bool unicode, Action<IAnsiConsole> write)
    {
        using var console = new TestConsole().Width(width).SupportsUnicode(unicode).Colors(ColorSystem.NoColors);
        write(console);
        return console.Output;
    }
}
