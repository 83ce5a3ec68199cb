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

    [Theory]
    [InlineData("a_function_of_python_code", 24, "a_function_o…python_code")]
    [InlineData("<alloc::collections::btree::map::entry::Entry<alloc::string::String, u8>>::or_default", 20, "Entry::or_default")]
    [InlineData("<alloc::vec::Vec<u8> as core::iter::Extend<u8>>::extend::<[u8; 4]>", 24, "Vec::extend")]
    [InlineData("core::ptr::drop_in_place::<alloc::string::String>", 20, "ptr::drop_in_place")]
    [InlineData("<(a::B, c::D) as core::clone::Clone>::clone", 24, "(a::B, c::D)::clone")]
    [InlineData("std::thread::spawn::<fn() -> u8>::{closure#0}", 24, "spawn::{closure#0}")]
    [InlineData("std::vector<int, std::allocator<int> >::push_back", 24, "std::vector::push_back")]
    [InlineData("std::vector<int, std::allocator<int> >::operator<", 24, "std::vector<…::operator<")]
    [InlineData("ns::Ptr<ns::A<ns::B>>::operator->", 20, "ns::Ptr::operator->")]
    [InlineData("ns::a_name_of_many_letters_indeed", 20, "ns::a_name…rs_indeed")]
    [InlineData("short::name", 20, "short::name")]
    public void A_function_of_Cxx_or_Rust_is_called_by_the_end_of_its_path(string name, int width, string expected)
    {
        var cut = Names.CutFunction(name, width, Glyphs.For(new TestConsole().SupportsUnicode(true)));
        Assert.Equal(expected, cut);
        Assert.True(Names.Width(cut) <= width);
    }

    [Fact]
    public void A_name_of_brackets_alone_is_cut_like_any_other()
    {
        var glyphs = Glyphs.For(new TestConsole().SupportsUnicode(true));
        foreach (var name in new[] { new string('<', 4000) + "::", new string('<', 2000) + "a::b" + new string('>', 2000) + "::c", "::::::::::", "<>::<>::<>" })
            for (var width = 1; width < 9; width++)
                Assert.True(Names.Width(Names.CutFunction(name, width, glyphs)) <= width, name);
    }
}
