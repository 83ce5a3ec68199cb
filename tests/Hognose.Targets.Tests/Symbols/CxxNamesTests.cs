using System.Diagnostics;
using System.Text;
using Hognose.Targets.Symbols;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Symbols;

public class CxxNamesTests
{
    [Theory]
    [InlineData("_ZN2ns5Table4growEm", "ns::Table::grow")]
    [InlineData("_ZNK3foo3barEv", "foo::bar")]
    [InlineData("_ZN12_GLOBAL__N_14workEPKc", "(anonymous namespace)::work")]
    [InlineData("_ZN3fooclEi", "foo::operator()")]
    [InlineData("_ZN3fooC2ERKS_", "foo::foo")]
    [InlineData("_Znwm", "operator new")]
    [InlineData("_Z3mapPFivE.cold", "map")]
    [InlineData("PyObject_Malloc", "PyObject_Malloc")]
    [InlineData("_Z", "_Z")]
    [InlineData("_Znonsense", "_Znonsense")]
    [InlineData("", "")]
    public void A_function_of_Cxx_is_called_as_its_author_wrote_it(string name, string expected) => Assert.Equal(expected, CxxNames.Readable(name));

    [Fact]
    public void Every_name_of_the_Cxx_library_is_what_binutils_says()
    {
        using var folder = new TemporaryFolder();
        var library = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6";
        Assert.SkipUnless(File.Exists(library), $"there is no {library}");
        var names = BuiltTool.Execute("/bin/sh", ["-c", $"nm -D --without-symbol-versions {library} | sed 's/.* //' | grep ^_Z | grep -v @"]).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var told = BuiltTool.Execute("/bin/sh", ["-c", $"c++filt -i < {folder.Write("names", string.Join('\n', names))}"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(names.Length > 1000);
        Assert.Equal(names.Length, told.Length);

        var asked = names.Zip(told).Select(each => (each.First, each.Second, Ours: CxxNames.Demangled(each.First))).Where(each => each.Ours is not null).ToList();
        Assert.All(asked, each => Assert.Equal(each.Second, each.Ours));
        // The rest refers to itself more often than is allowed.
        Assert.True(asked.Count > names.Length * 9 / 10, $"{asked.Count} of {names.Length}");
    }

    /// <summary>Each template has the one before it several times: what comes out grows as a power of what goes in.</summary>
    [Theory, InlineData(2), InlineData(3), InlineData(5), InlineData(8)]
    public void A_name_made_to_be_long_takes_no_long_time(int references)
    {
        for (var levels = 1; levels < 60; levels++)
        {
            var name = new StringBuilder("_Z1fI1a");
            for (var level = 0; level < levels; level++)
                name.Append("1bI").Insert(name.Length, level == 0 ? "S_" : $"S{(level - 1).ToString(System.Globalization.CultureInfo.InvariantCulture)}_", references).Append('E');
            var began = Stopwatch.GetTimestamp();
            _ = CxxNames.Readable(name.Append("EvT_").ToString());
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10), name.ToString());
        }
    }
}
