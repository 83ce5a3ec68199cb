using Hognose.Insights.Allocations;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

/// <summary>RSS that Python's heap does not explain, and what to do about it.</summary>
public class OutsideMemoryTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(2, 10, 12, 150, 130)] // numpy's arrays: 150 MiB, less 12 of heap and 8 that the interpreter began with.
    [InlineData(2, 10, 12, 30, 0)]    // Less than 16 MiB, or less than half.
    [InlineData(2, 90, 100, 190, 0)]
    [InlineData(2, 300, 4, 310, 0)]   // Attached to: what was there before is no growth.
    public void Growth_beyond_the_heap_is_told_where_it_is_most_of_it(double heapFirst, double residentFirst, double heap, double resident, long outside) => Assert.Equal(
        outside * MiB,
        OutsideMemory.Of(new RecordingSketch().Moment(0, heapFirst, residentFirst).Moment(1, heap, resident).Finish()));

    [Fact]
    public void What_the_heap_held_once_is_pymallocs_free_memory() => Assert.Equal(
        0, OutsideMemory.Of(new RecordingSketch().Moment(0, 2, 10).Moment(1, 200, 209).Moment(2, 5, 210).Finish()));

    [Fact]
    public void The_report_says_so_and_how_to_record_it()
    {
        var sketch = new RecordingSketch().Held("f a.py:1", 12 * MiB, 3).Moment(0, 2, 10).Moment(1, 12, 150);
        var text = ReportText.Of(sketch.Finish());
        Assert.Contains("Note             about 130.0 MiB of RSS is memory that C code took itself", text, StringComparison.Ordinal);
        Assert.Contains("\n        hognose run --native-allocations app.py --port 8000  what C code allocates itself\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--native-allocations", ReportText.Of(sketch.Finish(facts => facts with { NativeAllocations = true })), StringComparison.Ordinal);
    }
}
