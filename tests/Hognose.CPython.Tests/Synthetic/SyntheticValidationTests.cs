using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Versions;
using Hognose.Diagnostics;

namespace Hognose.CPython.Tests.Synthetic;

public sealed class SyntheticValidationTests
{
    [Theory, ClassData(typeof(AllLayouts))]
    public void A_target_of_every_layout_validates(string version)
    {
        using var target = Populated(version);
        var diagnostics = new DiagnosticBag();

        var runtime = target.Resolve(diagnostics);

        Assert.Same(AllLayouts.Of(version), runtime.Layout);
        Assert.Equal(0, diagnostics.Total);
        Assert.Equal(7, new LayoutValidator(target.Frozen, Limits.Default).Check(runtime).TypesCompared);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void A_type_of_another_size_is_noticed(string version)
    {
        using var target = Populated(version);
        var layout = AllLayouts.Of(version);
        target.Memory.Write(target.Types["list"], layout.PyTypeObject.tp_basicsize, 48L);

        Assert.Contains("list takes 48 bytes in the target and 40 in the table", Refusal(target).Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void A_thread_of_another_interpreter_is_noticed(string version)
    {
        using var target = Populated(version);
        target.Memory.WritePointer(target.Thread, AllLayouts.Of(version).PyThreadState.interp, target.Runtime);

        Assert.Contains("does not belong to its interpreter", Refusal(target).Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void Lists_that_do_not_close_are_noticed(string version)
    {
        using var target = Populated(version);
        foreach (var head in target.ListHeads)
            target.Memory.WritePointer(head, AllLayouts.Of(version).PyGCHead._gc_prev, target.Runtime);

        Assert.Contains("of the collector's lists do not close", Refusal(target).Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void One_list_left_open_by_a_stopped_thread_is_let_pass(string version)
    {
        using var target = Populated(version);
        target.Memory.WritePointer(target.ListHeads[0], AllLayouts.Of(version).PyGCHead._gc_prev, target.Runtime);

        Assert.Same(AllLayouts.Of(version), target.Resolve(new DiagnosticBag()).Layout);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void A_loop_of_interpreters_threads_and_types_ends(string version)
    {
        using var target = Populated(version);
        var layout = AllLayouts.Of(version);
        target.Memory.WritePointer(target.Interpreter, layout.PyInterpreterState.next, target.Interpreter);
        target.Memory.WritePointer(target.Thread, layout.PyThreadState.next, target.Thread);
        var (first, second) = (target.Types["list"], target.Types["dict"]);
        target.Memory.WritePointer(first, layout.PyObject.ob_type, second);
        target.Memory.WritePointer(second, layout.PyObject.ob_type, first);

        Assert.Contains("does not lead to the type of types", Refusal(target).Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void Pointers_into_nowhere_are_refused_without_harm(string version)
    {
        var layout = AllLayouts.Of(version);
        foreach (var wild in (ulong[])[0, 8, 0xFFFF_FFFF_FFFF_FFF8, 0x7fff_ffff_f000, 1ul << 63])
        {
            using var target = Populated(version);
            target.Memory.Write(target.Runtime, layout.PyRuntimeState.interpreters_head, wild);
            Assert.NotEmpty(Refusal(target).Remedy);
        }
    }

    [Theory, ClassData(typeof(LayoutsWithDebugOffsets))]
    public void What_the_target_says_of_itself_wins_and_a_warning_names_both_numbers(string version)
    {
        using var target = Populated(version);
        var layout = AllLayouts.Of(version);
        target.WriteDebugOffset("code_object_filename", 120);
        var diagnostics = new DiagnosticBag();

        var runtime = target.Resolve(diagnostics);

        Assert.Equal(120, runtime.Layout.PyCodeObject.co_filename);
        var warning = Assert.Single(diagnostics.Kept, each => each.Id == LayoutResolver.TargetWins).Message;
        Assert.Equal($"PyCodeObject.co_filename is {layout.PyCodeObject.co_filename} in our table and 120 in the target: the target's is used", warning);
    }

    [Theory, ClassData(typeof(LayoutsWithDebugOffsets))]
    public void Damaged_debug_offsets_are_refused(string version)
    {
        var layout = AllLayouts.Of(version);
        foreach (var (name, value) in ((string, ulong)[])
            [
                ("interpreter_state_gc", 1ul << 63), ("interpreter_state_gc", ulong.MaxValue), ("thread_state_interp", (ulong)layout.PyThreadState.Size),
                ("code_object_filename", 113), ("runtime_state_interpreters_head", 1ul << 40),
            ])
        {
            using var target = Populated(version);
            target.WriteDebugOffset(name, value);
            Assert.Contains($"_Py_DebugOffsets says {value} for", Refusal(target).Message, StringComparison.Ordinal);
        }
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void A_layout_that_another_table_describes_is_found_there(string version)
    {
        using var target = Populated(version);
        var layout = AllLayouts.Of(version);
        var unknown = new PythonVersion(layout.Version.Major, layout.Version.Minor, 99);
        var diagnostics = new DiagnosticBag();

        var runtime = LayoutResolver.Resolve(target.Frozen, target.Build with { Version = unknown }, Limits.Default, diagnostics);

        // Several tables may fit; the one that is used must describe every struct that the target consists of.
        foreach (var name in (string[])["PyRuntimeState.interpreters_head", "GcRuntimeState.generations", "GcRuntimeState.young", "PyInterpreterState.gc", "PyTypeObject.tp_mro", "PyDictObject.ma_keys"])
            Assert.Equal(layout[name], runtime.Layout[name]);
        Assert.Equal(1, diagnostics.Tally[LayoutResolver.OtherTable]);
    }

    private static SyntheticTarget Populated(string version)
    {
        var target = new SyntheticTarget(AllLayouts.Of(version));
        var key = target.Objects.NewText("answer");
        var value = target.Objects.NewTuple(target.Objects.NewInt(42), target.Objects.NewBytes("hog"u8));
        var dict = target.Objects.NewDict((key, value));
        target.Objects.NewList(dict, value);
        foreach (var name in (string[])["function", "module", "cell", "set"])
            target.Objects.New(name);
        return target;
    }

    private static CannotContinueException Refusal(SyntheticTarget target) =>
        Assert.Throws<CannotContinueException>(() => target.Resolve(new DiagnosticBag()));
}
