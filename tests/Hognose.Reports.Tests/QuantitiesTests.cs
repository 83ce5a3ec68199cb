using Hognose.Reports.Terminal;
using Spectre.Console.Testing;

namespace Hognose.Reports.Tests;

public class QuantitiesTests
{
    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1, "1 byte")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData((1024 * 1024) - 1, "1.0 MiB")]
    [InlineData((1024 * 1024) - 60, "1023.9 KiB")]
    [InlineData(1000 * 1024, "1000.0 KiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    public void Bytes_read_in_the_unit_that_fits(long bytes, string text) => Assert.Equal(text, Quantities.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 µs")]
    [InlineData(812_000, "812 µs")]
    [InlineData(999_600, "1000 µs")]
    [InlineData(1_420_000_000, "1.42 s")]
    [InlineData(125_000_000_000, "2 min 5 s")]
    [InlineData(7_500_000_000_000, "2 h 5 min")]
    public void Times_read_in_the_unit_that_fits(long nanoseconds, string text) => Assert.Equal(text, Quantities.Seconds(nanoseconds));

    [Fact]
    public void Names_are_cut_to_their_cells_also_when_wide()
    {
        var glyphs = Glyphs.For(new TestConsole().SupportsUnicode(true));
        for (var width = 0; width < 20; width++)
            foreach (var text in new[] { "a_plain_name_of_ascii", "日本語の名前がここに", "mixed_名前_🐍🐍🐍_end" })
                foreach (var cut in new[] { Names.CutLeft(text, width, glyphs), Names.CutMiddle(text, width, glyphs) })
                    Assert.True(Names.Width(cut) <= width, $"{cut} in {width}");
    }
}
