using System.Reflection;
using System.Runtime.InteropServices;
using Hognose.CPython.Layouts;
using Hognose.Extension.Python;

namespace Hognose.Package.Tests;

/// <summary>The extension's few structs of CPython are those of every version that Hognose has a table of.</summary>
public class LayoutTests
{
    public static TheoryData<string> Versions => [.. CPythonLayout.All.Select(layout => layout.Version.ToString())];

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_structs_have_not_moved(string version)
    {
        var layout = CPythonLayout.All.Single(each => each.Version.ToString() == version);

        Same<PyObject>(layout, "PyObject", ("RefCount", "ob_refcnt"), ("Type", "ob_type"));
        Same<PyObject>(layout, "PyVarObject", ("Items", "ob_size"));
        Same<PyTypeObject>(layout, "PyTypeObject", ("Name", "tp_name"), ("BasicSize", "tp_basicsize"), ("ItemSize", "tp_itemsize"), ("Flags", "tp_flags"),
            ("Traverse", "tp_traverse"), ("Base", "tp_base"), ("Dict", "tp_dict"), ("DictOffset", "tp_dictoffset"), ("IsCollected", "tp_is_gc"), ("ResolutionOrder", "tp_mro"));
        Same<PyMemberDescriptor>(layout, "PyMemberDescrObject", ("Member", "d_member"));
        Same<PyMethodDescriptor>(layout, "PyMethodDescrObject", ("Method", "d_method"));
    }

    /// <summary>Where PyFrame_GetCode, which came with 3.9, cannot be asked.</summary>
    [Fact]
    public void A_frame_of_3_8_has_its_code_where_we_read_it()
    {
        foreach (var layout in CPythonLayout.All.Where(each => each.Version.Minor == 8))
            Same<Extension.Profile.PyFrameObject>(layout, "PyFrameObject", ("Code", "f_code"));
    }

    private static void Same<T>(CPythonLayout layout, string name, params (string Ours, string Theirs)[] fields)
    {
        foreach (var (ours, theirs) in fields)
        {
            var field = typeof(T).GetField(ours)!.GetCustomAttribute<FieldOffsetAttribute>()!;
            Assert.Equal((ours, layout[$"{name}.{theirs}"]), (ours, field.Value));
        }
    }
}
