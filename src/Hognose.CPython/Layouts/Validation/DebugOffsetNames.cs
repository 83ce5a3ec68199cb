namespace Hognose.CPython.Layouts.Validation;

/// <summary>Which number of ours each field of <c>_Py_DebugOffsets</c> states again. Names only: where the fields stand is layout data.</summary>
internal static class DebugOffsetNames
{
    private const string Block = "PyDebugOffsets.";

    /// <summary>Group in the block, our struct, and the fields; "a=b" where the block calls b by the name a.</summary>
    private static readonly (string Group, string Struct, string[] Fields)[] Groups =
    [
        ("runtime_state", "PyRuntimeState", ["finalizing=_finalizing", "interpreters_head"]),
        ("interpreter_state", "PyInterpreterState",
            ["id", "next", "threads_head", "threads_main", "gc", "imports_modules", "sysdict", "builtins", "ceval_gil", "gil_runtime_state=_gil"]),
        ("thread_state", "PyThreadState",
            ["prev", "next", "interp", "current_frame", "base_frame", "thread_id", "native_thread_id", "datastack_chunk", "status=_status",
             "last_profiled_frame", "last_profiled_frame_seq", "holds_gil", "gil_requested", "current_exception", "exc_state"]),
        ("err_stackitem", "PyErrStackItem", ["exc_value"]),
        ("interpreter_frame", "PyInterpreterFrame", ["previous", "executable=f_executable", "instr_ptr", "localsplus", "owner", "stackpointer"]),
        ("code_object", "PyCodeObject",
            ["filename=co_filename", "name=co_name", "qualname=co_qualname", "linetable=co_linetable", "firstlineno=co_firstlineno", "argcount=co_argcount",
             "localsplusnames=co_localsplusnames", "localspluskinds=co_localspluskinds", "co_code_adaptive"]),
        ("pyobject", "PyObject", ["ob_type"]),
        ("type_object", "PyTypeObject", ["tp_name", "tp_repr", "tp_flags", "tp_basicsize", "tp_dictoffset"]),
        ("heap_type_object", "PyHeapTypeObject", ["ht_cached_keys"]),
        ("tuple_object", "PyTupleObject", ["ob_item"]),
        ("list_object", "PyListObject", ["ob_item"]),
        ("set_object", "PySetObject", ["used", "table", "mask"]),
        ("dict_object", "PyDictObject", ["ma_keys", "ma_values"]),
        ("float_object", "PyFloatObject", ["ob_fval"]),
        ("long_object", "PyLongObject", ["lv_tag", "ob_digit"]),
        ("bytes_object", "PyBytesObject", ["ob_sval"]),
        ("unicode_object", "PyASCIIObject", ["state", "length"]),
        ("gc", "GcRuntimeState", ["collecting", "frame", "generation_stats"]),
        ("gen_object", "PyGenObject", ["gi_name", "gi_iframe", "gi_frame_state"]),
    ];

    /// <summary>Fields that name a number of another struct than their group's.</summary>
    private static readonly (string Debug, string Ours)[] Others =
    [
        ("tuple_object_ob_size", "PyVarObject.ob_size"), ("list_object_ob_size", "PyVarObject.ob_size"), ("bytes_object_ob_size", "PyVarObject.ob_size"),
        ("unicode_object_asciiobject_size", "PyASCIIObject.Size"), ("unicode_object_compactunicodeobject_size", "PyCompactUnicodeObject.Size"),
        ("unicode_object_size", "PyUnicodeObject.Size"), ("gc_generation_stats_size", "GcStats.Size"),
        ("debugger_support_eval_breaker", "PyThreadState.eval_breaker"), ("debugger_support_remote_debugger_support", "PyThreadState.remote_debugger_support"),
    ];

    /// <summary>Every pair: the field of the block, and our number that it should equal. Both as <see cref="CPythonLayout.Names"/> spells them.</summary>
    public static IReadOnlyList<(string Debug, string Ours)> Pairs { get; } = [.. FromGroups(), .. Others.Select(pair => (Block + pair.Debug, pair.Ours))];

    private static IEnumerable<(string, string)> FromGroups()
    {
        foreach (var (group, ours, fields) in Groups)
        {
            if (group != "unicode_object" && group != "err_stackitem")
                yield return ($"{Block}{group}_size", $"{ours}.Size");
            foreach (var field in fields)
            {
                var names = field.Split('=');
                yield return ($"{Block}{group}_{names[0]}", $"{ours}.{names[^1]}");
            }
        }
    }
}
