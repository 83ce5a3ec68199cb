using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class RecordingReportTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        foreach (var unicode in new[] { false, true })
            foreach (var line in ReportText.Of(SampleRecordings.Service(), width, unicode).Split('\n'))
                Assert.True(Terminal.Names.Width(line) <= width, $"{Terminal.Names.Width(line)} cells: {line}");
    }
}
