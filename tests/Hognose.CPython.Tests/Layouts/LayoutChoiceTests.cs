using Hognose.CPython.Layouts;
using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Versions;
using Hognose.Diagnostics;

namespace Hognose.CPython.Tests.Layouts;

public sealed class LayoutChoiceTests
{
    [Fact]
    public void Every_version_with_a_table_gets_its_own()
    {
        foreach (var layout in CPythonLayout.All)
        {
            var choice = LayoutChoice.Select(layout.Version);
            Assert.Same(layout, choice.Layout);
            Assert.True(choice.IsExact);
            Assert.Empty(choice.Notice);
        }
    }

    [Fact]
    public void Every_minor_version_from_3_8_to_3_15_has_a_table()
    {
        var minors = CPythonLayout.All.Select(layout => layout.Version.Minor).Distinct();
        Assert.Equal(Enumerable.Range(8, 8), minors);
    }

    [Theory]
    [InlineData("3.11.9", "3.11.7")]
    [InlineData("3.11.0", "3.11.2")]
    [InlineData("3.13.99", "3.13.18")]
    [InlineData("3.14.6", "3.14.4")]
    public void The_nearest_micro_release_serves_one_without_a_table(string version, string table)
    {
        var choice = LayoutChoice.Select(Parse(version));
        Assert.Equal(table, choice.Layout.Version.ToString());
        Assert.Equal($"no layout table for Python {version}: {table}'s is used", choice.Notice);
    }

    [Fact]
    public void Every_table_of_the_minor_version_is_a_candidate()
    {
        var candidates = LayoutChoice.Candidates(Parse("3.14.5"));
        Assert.Equal(CPythonLayout.All.Count(layout => layout.Version.Minor == 14), candidates.Count);
        Assert.All(candidates, candidate => Assert.Equal(14, candidate.Layout.Version.Minor));
    }

    [Theory]
    [InlineData("3.7.17", "this is Python 3.7.17, and Hognose reads CPython 3.8 to 3.15")]
    [InlineData("2.7.18", "this is Python 2.7.18, and Hognose reads CPython 3.8 to 3.15")]
    [InlineData("3.16.0", "Python 3.16.0 is newer than this Hognose: Hognose reads CPython 3.8 to 3.15")]
    public void Versions_without_any_table_are_refused(string version, string problem)
    {
        var refusal = Assert.Throws<CannotContinueException>(() => LayoutChoice.Select(Parse(version)));
        Assert.Equal(problem, refusal.Message);
        Assert.NotEmpty(refusal.Remedy);
    }

    [Theory]
    [InlineData(0x030F00A3u, true)]
    [InlineData(0x030F00B1u, true)]
    [InlineData(0x030F00C2u, false)]
    public void Alphas_and_betas_are_refused_and_release_candidates_served(uint hex, bool isRefused) =>
        Assert.Equal(isRefused, LayoutChoice.TryRefuse(new PythonVersion(hex), out _, out _));

    [Fact]
    public void An_override_changes_one_number_of_a_copy()
    {
        var layout = CPythonLayout.All[0];
        var changed = layout.With([KeyValuePair.Create("PyTypeObject.tp_flags", 4096)]);

        Assert.Equal(4096, changed.PyTypeObject.tp_flags);
        Assert.NotEqual(4096, layout.PyTypeObject.tp_flags);
        Assert.Equal(1, changed.Numbers.ToArray().Zip(layout.Numbers.ToArray()).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void Names_and_typed_fields_are_the_same_numbers()
    {
        foreach (var layout in CPythonLayout.All)
        {
            Assert.Equal(CPythonLayout.Names.Count, layout.Numbers.Length);
            Assert.Equal(layout.PyTypeObject.tp_flags, layout["PyTypeObject.tp_flags"]);
            Assert.Equal(layout.PyDictKeysObject.dk_nentries, layout["PyDictKeysObject.dk_nentries"]);
            Assert.Equal(layout.ZipObject.Size, layout["ZipObject.Size"]);
        }
    }

    [Fact]
    public void A_field_lies_within_its_struct_in_every_version()
    {
        var outside = from layout in CPythonLayout.All
                      from name in CPythonLayout.Names
                      where !name.EndsWith("_bits", StringComparison.Ordinal) && !name.EndsWith("_shift", StringComparison.Ordinal) && !name.EndsWith("_width", StringComparison.Ordinal)
                      let size = layout[name[..name.IndexOf('.', StringComparison.Ordinal)] + ".Size"]
                      where layout[name] > size || (size == CPythonLayout.Absent && layout[name] != CPythonLayout.Absent)
                      select $"{layout.Version}: {name}";
        Assert.Empty(outside);
    }

    /// <summary>The GIL build leaves these at 0, or they name structs that no layout holds.</summary>
    private static readonly string[] Unpaired =
    [
        "PyDebugOffsets.Size", "PyDebugOffsets.cookie", "PyDebugOffsets.version", "PyDebugOffsets.free_threaded",
        "PyDebugOffsets.code_object_co_tlbc", "PyDebugOffsets.interpreter_frame_tlbc_index", "PyDebugOffsets.interpreter_state_tlbc_generation",
        "PyDebugOffsets.interpreter_state_gil_runtime_state_enabled", "PyDebugOffsets.interpreter_state_code_object_generation",
        "PyDebugOffsets.interpreter_state_gil_runtime_state_holder", "PyDebugOffsets.interpreter_state_gil_runtime_state_locked",
        "PyDebugOffsets.llist_node_next", "PyDebugOffsets.llist_node_prev",
        "PyDebugOffsets.debugger_support_remote_debugging_enabled", "PyDebugOffsets.debugger_support_debugger_pending_call",
        "PyDebugOffsets.debugger_support_debugger_script_path", "PyDebugOffsets.debugger_support_debugger_script_path_size",
    ];

    [Fact]
    public void Every_number_that_a_target_states_of_itself_is_compared_with_ours()
    {
        var paired = DebugOffsetNames.Pairs.Select(pair => pair.Debug).ToHashSet();
        var groups = CPythonLayout.Names.Where(name => name.StartsWith("PyDebugOffsets.", StringComparison.Ordinal));
        var forgotten = groups.Where(name => !paired.Contains(name) && !Unpaired.Contains(name) && !IsGroup(name));

        Assert.Empty(forgotten);
        Assert.All(DebugOffsetNames.Pairs, pair => Assert.True(CPythonLayout.Names.Contains(pair.Ours) && CPythonLayout.Names.Contains(pair.Debug), $"{pair}"));
    }

    private static bool IsGroup(string name) => CPythonLayout.Names.Contains(name + "_size") || name is "PyDebugOffsets.llist_node" or "PyDebugOffsets.debugger_support" or "PyDebugOffsets.err_stackitem"
        || name is "PyDebugOffsets.interpreter_state_gil_runtime_state_state";

    private static PythonVersion Parse(string text) => PythonVersion.TryParse(text, out var version) ? version : throw new ArgumentException(text);
}
