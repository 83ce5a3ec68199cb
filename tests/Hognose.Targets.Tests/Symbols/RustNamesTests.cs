using System.Text;
using System.Text.RegularExpressions;
using Hognose.Targets.Symbols;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Symbols;

public partial class RustNamesTests
{
    private const int RandomNames = 20_000;

    // Examples of RFC 2603, of rustc, and what only newer versions write (constants of other types than numbers).
    [Theory]
    [InlineData("_RNvNtCs1234_7mycrate3foo3bar", "mycrate::foo::bar")]
    [InlineData("_RNvMs_NtCs1234_7mycrate3fooNtB4_3Bar3baz", "<mycrate::foo::Bar>::baz")]
    [InlineData("_RNCINkXs25_NgCsbmNqQUJIY6D_4core5sliceINyB9_4IterhENuNgNoBb_4iter8iterator8Iterator9rpositionNCNgNpB9_6memchr7memrchrs_0E0Bb_",
        "<core::slice::Iter<u8> as core::iter::iterator::Iterator>::rposition::<core::slice::memchr::memrchr::{closure#1}>::{closure#0}")]
    [InlineData("_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
        "alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>")]
    [InlineData("_RMCs4fqI2P2rA04_13const_genericINtB0_8UnsignedKhb_E", "<const_generic::Unsigned<11>>")]
    [InlineData("_RMCs4fqI2P2rA04_13const_genericINtB0_6SignedKsn98_E", "<const_generic::Signed<-152>>")]
    [InlineData("_RMCs4fqI2P2rA04_13const_genericINtB0_4BoolKb1_E", "<const_generic::Bool<true>>")]
    [InlineData("_RMCs4fqI2P2rA04_13const_genericINtB0_4CharKc2202_E", "<const_generic::Char<'∂'>>")]
    [InlineData("_RIC0KRe616263_E", "::<\"abc\">")]
    [InlineData("_RIC0KVNvC0_4SomeUE", "_RIC0KVNvC0_4SomeUE")]
    [InlineData("_RIC0KRAAj1_j2_EAj3_EE_E", "_RIC0KRAAj1_j2_EAj3_EE_E")]
    [InlineData("_RIC0KRAAj1_j2_EAj3_EEE", "::<{&[[1, 2], [3]]}>")]
    [InlineData("_RIC0KVTNvC1m4SomeTj1_b0_EEE", "::<{m::Some((1, false))}>")]
    [InlineData("_RIC0KVSNtC1m3Foo1sRe71_2chc78_EE", "::<{m::Foo { s: \"q\", ch: 'x' }}>")]
    [InlineData("_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y", "utf8_idents::საჭმელად_გემრიელი_სადილი")]
    [InlineData("_RNvC6_123foo3bar.llvm.1234", "123foo::bar")]
    [InlineData("_RNSC1as_9drop_shim", "a::{shim:drop_shim#1}")]
    [InlineData("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write")]
    [InlineData("_ZN5alloc5boxed16Box$LT$T$C$A$GT$4from17h0123456789abcdefE", "alloc::boxed::Box<T,A>::from")]
    [InlineData("_ZN61_$LT$a..B$u20$as$u20$core..ops..drop..Drop$GT$4drop17h0123456789abcdefE", "_ZN61_$LT$a..B$u20$as$u20$core..ops..drop..Drop$GT$4drop17h0123456789abcdefE")]
    [InlineData("_ZN46_$LT$a..B$u20$as$u20$core..ops..drop..Drop$GT$4drop17h0123456789abcdefE", "<a::B as core::ops::drop::Drop>::drop")]
    [InlineData("_ZN2ns5Table4growEm", "ns::Table::grow")]
    [InlineData("_R", "_R")]
    [InlineData("_RNvC", "_RNvC")]
    [InlineData("_RNvC99999999999x1y", "_RNvC99999999999x1y")]
    [InlineData("_RB_", "_RB_")]
    [InlineData("_Realloc", "_Realloc")]
    [InlineData("", "")]
    public void A_function_of_Rust_is_called_as_its_author_wrote_it(string name, string expected) => Assert.Equal(expected, FunctionNames.Readable(name));

    [Fact]
    public void Names_of_any_shape_are_what_binutils_says()
    {
        var names = Enumerable.Range(0, RandomNames).Select(seed => new RandomRustName(seed).Text).Where(name => name.Length < 1000).Distinct().ToList();
        using var folder = new TemporaryFolder();
        var told = BuiltTool.Execute("/bin/sh", ["-c", $"c++filt -s rust < {folder.Write("names", string.Join('\n', names))}"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(names.Count, told.Length);

        var asked = names.Zip(told).Where(each => each.Second != each.First).ToList();
        Assert.All(asked, each => Assert.Equal(TypeOfNumber().Replace(Hash().Replace(each.Second, ""), ""), FunctionNames.Readable(each.First)));
        Assert.True(asked.Count > names.Count / 2, $"{asked.Count} of {names.Count}");
    }

    /// <summary>Each level is a tuple of the level before it, twice.</summary>
    [Fact]
    public void A_name_made_to_be_long_or_deep_is_left_as_it_is()
    {
        var doubling = new StringBuilder("_RIC1a");
        var before = doubling.Length - 2;
        doubling.Append("TuuE");
        for (var level = 0; level < 60; level++)
        {
            var here = doubling.Length - 2;
            doubling.Append('T').Append(Back(before)).Append(Back(before)).Append('E');
            before = here;
        }
        var name = doubling.Append('E').ToString();
        Assert.Equal(name, FunctionNames.Readable(name));
        var deep = $"_RIC1a{new string('S', 10_000)}uE";
        Assert.Equal(deep, FunctionNames.Readable(deep));
    }

    [Fact]
    public void Whatever_a_file_holds_as_a_name_is_told_or_left()
    {
        for (var seed = 0; seed < RandomNames; seed++)
        {
            var random = new Random(seed);
            var name = new RandomRustName(seed).Text.ToCharArray();
            for (var change = random.Next(1, 4); change > 0; change--)
                name[random.Next(2, name.Length)] = "ABCEFGIKLMNRSTXY_0129abgpsu$.é"[random.Next(29)];
            Assert.InRange(FunctionNames.Readable(new string(name)).Length, 1, 1 << 14);
        }
    }

    private static string Back(int to) => "B" + RandomRustName.Base62(to);

    /// <summary>Of a crate; binutils write it.</summary>
    [GeneratedRegex(@"(?<=[\p{L}\w])\[[0-9a-f]+\]")]
    private static partial Regex Hash();

    /// <summary>Binutils write it behind a constant.</summary>
    [GeneratedRegex("(?<=[0-9a-z'_]): (?:[iu](?:8|16|32|64|128|size)|bool|char)(?=[>,\\]])")]
    private static partial Regex TypeOfNumber();
}
