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

    /// <summary>What the collector knows nothing of.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void Ranges_times_and_code_objects_hold_what_we_read_of_them(string version)
    {
        var layout = CPythonLayout.All.Single(each => each.Version.ToString() == version);

        Same<PyRange>(layout, "RangeObject", ("Start", "start"), ("Stop", "stop"), ("Step", "step"), ("Length", "length"));
        Same<PyDateTime>(layout, "PyDateTimeDateTime", ("HasTimeZone", "hastzinfo"), ("TimeZone", "tzinfo"));
        Same<PyTime>(layout, "PyDateTimeTime", ("HasTimeZone", "hastzinfo"), ("TimeZone", "tzinfo"));
        Same<PyTimeZone>(layout, "PyDateTimeTimeZone", ("Offset", "offset"), ("Name", "name"));
        if (layout.Version.Minor >= 11)
            Assert.Equal((layout["PyCodeObject.co_filename"] - 16, layout["PyCodeObject.co_filename"] - 8),
                (layout["PyCodeObject.co_localsplusnames"], layout["PyCodeObject.co_localspluskinds"]));
    }

    /// <summary>Where PyFrame_GetCode, which came with 3.9, cannot be asked.</summary>
    [Fact]
    public void A_frame_of_3_8_has_its_code_where_we_read_it()
    {
        foreach (var layout in CPythonLayout.All.Where(each => each.Version.Minor == 8))
            Same<Extension.Profile.PyFrameObject>(layout, "PyFrameObject", ("Code", "f_code"));
    }

    /// <summary>Attributes without a dict; the class's keys follow its names, by which they are found.</summary>
    [Fact]
    public void The_names_of_attributes_are_where_we_read_them()
    {
        var layouts = CPythonLayout.All.Where(each => each.Version.Minor >= 11).ToList();
        Assert.NotEmpty(layouts);
        foreach (var layout in layouts)
        {
            Same<PyDictKeys>(layout, "PyDictKeysObject", ("Log2OfIndexBytes", "dk_log2_index_bytes"), ("Kind", "dk_kind"), ("Entries", "dk_nentries"), ("Indices", "dk_indices"));
            Assert.Equal((0, 8), (layout["PyDictUnicodeEntry.me_key"], layout["PyDictUnicodeEntry.me_value"]));
            Assert.Equal((layout["PyHeapTypeObject.ht_name"] + 16, layout["PyHeapTypeObject.ht_name"] + 24), (layout["PyHeapTypeObject.ht_qualname"], layout["PyHeapTypeObject.ht_cached_keys"]));
            if (layout.Version.Minor >= 13)
                Same<PyInlineValues>(layout, "DictValues", ("Capacity", "capacity"), ("Valid", "valid"), ("First", "values"));
        }
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
