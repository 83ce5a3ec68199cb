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

    /// <summary>Each parameter is a template of the one before it, several times: f(a, b&lt;a, a&gt;, b&lt;b&lt;a, a&gt;, b&lt;a, a&gt;&gt; …).</summary>
    [Fact]
    public void A_name_made_to_be_long_is_told_up_to_a_bound_and_then_left_as_it_is()
    {
        var (longest, refused) = (0, 0);
        for (var references = 1; references <= 11; references++)
            for (var levels = 1; levels <= 14; levels++)
            {
                var name = new StringBuilder("_Z1f700").Append('a', 700).Append("IiE");
                for (var level = 0; level < levels; level++)
                    name.Append("S_I").Insert(name.Length, Substitution(level), references).Append('E');
                var whole = CxxNames.Demangled(name.ToString());
                refused += whole is null ? 1 : 0;
                longest = Math.Max(longest, whole?.Length ?? 0);
            }
        Assert.InRange(longest, 1_000_000, 20_000_000);
        Assert.True(refused > 50, $"{refused} were refused");
    }

    /// <summary>How a name refers to its part number <paramref name="number"/> + 1 (Itanium C++ ABI 5.1.8): S0_, S1_ … SA_.</summary>
    private static string Substitution(int number) => $"S{"0123456789ABCDEFGHIJ"[number]}_";
}
