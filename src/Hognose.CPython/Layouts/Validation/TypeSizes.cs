namespace Hognose.CPython.Layouts.Validation;

/// <summary>
/// What <c>tp_basicsize</c> of CPython's own types must be if the layout is right: the check that works on every version, from any live type.
/// </summary>
public static class TypeSizes
{
    private delegate int Expected(CPythonLayout layout);

    private static readonly Dictionary<string, Expected> ByName = new(StringComparer.Ordinal)
    {
        ["object"] = l => l.PyObject.Size,
        ["type"] = l => l.PyHeapTypeObject.Size,
        ["int"] = l => l.PyLongObject.ob_digit,
        ["float"] = l => l.PyFloatObject.Size,
        ["complex"] = l => l.PyComplexObject.Size,
        ["str"] = l => l.PyUnicodeObject.Size,
        ["bytes"] = l => l.PyBytesObject.ob_sval + 1,
        ["bytearray"] = l => l.PyByteArrayObject.Size,
        ["tuple"] = l => l.PyTupleObject.ob_item,
        ["list"] = l => l.PyListObject.Size,
        ["dict"] = l => l.PyDictObject.Size,
        ["set"] = l => l.PySetObject.Size,
        ["frozenset"] = l => l.PySetObject.Size,
        ["range"] = l => l.RangeObject.Size,
        ["slice"] = l => l.PySliceObject.Size,
        ["memoryview"] = l => l.PyMemoryViewObject.ob_array,
        ["function"] = l => l.PyFunctionObject.Size,
        ["builtin_function_or_method"] = l => l.PyCFunctionObject.Size,
        ["method"] = l => l.PyMethodObject.Size,
        ["cell"] = l => l.PyCellObject.Size,
        ["module"] = l => l.PyModuleObject.Size,
        ["property"] = l => l.PropertyObject.Size,
        ["classmethod"] = l => l.ClassMethodObject.Size,
        ["staticmethod"] = l => l.StaticMethodObject.Size,
        ["super"] = l => l.SuperObject.Size,
        ["mappingproxy"] = l => l.MappingProxyObject.Size,
        ["getset_descriptor"] = l => l.PyGetSetDescrObject.Size,
        ["member_descriptor"] = l => l.PyMemberDescrObject.Size,
        ["method_descriptor"] = l => l.PyMethodDescrObject.Size,
        ["wrapper_descriptor"] = l => l.PyWrapperDescrObject.Size,
        ["method-wrapper"] = l => l.WrapperObject.Size,
        ["types.SimpleNamespace"] = l => l.PyNamespaceObject.Size,
        ["weakref"] = l => l.PyWeakReference.Size,
        ["weakref.ReferenceType"] = l => l.PyWeakReference.Size,
        ["code"] = l => l.PyCodeObject.co_code_adaptive != CPythonLayout.Absent ? l.PyCodeObject.co_code_adaptive : l.PyCodeObject.Size,
        ["frame"] = l => WithFrame(l, l.PyFrameObject.Size, l.PyFrameObject._f_frame_data),
        ["generator"] = l => WithFrame(l, l.PyGenObject.Size, l.PyGenObject.gi_iframe),
        ["coroutine"] = l => WithFrame(l, l.PyCoroObject.Size, l.PyCoroObject.cr_iframe),
        ["async_generator"] = l => WithFrame(l, l.PyAsyncGenObject.Size, l.PyAsyncGenObject.ag_iframe),
        ["traceback"] = l => l.PyTracebackObject.Size,
        ["BaseException"] = l => l.PyBaseExceptionObject.Size,
        ["OSError"] = l => l.PyOSErrorObject.Size,
        ["ImportError"] = l => l.PyImportErrorObject.Size,
        ["SyntaxError"] = l => l.PySyntaxErrorObject.Size,
        ["UnicodeError"] = l => l.PyBaseExceptionObject.Size,
        ["UnicodeDecodeError"] = l => l.PyUnicodeErrorObject.Size,
        ["StopIteration"] = l => l.PyStopIterationObject.Size,
        ["SystemExit"] = l => l.PySystemExitObject.Size,
        ["enumerate"] = l => l.EnumObject.Size,
        ["zip"] = l => l.ZipObject.Size,
        ["map"] = l => l.MapObject.Size,
        ["filter"] = l => l.FilterObject.Size,
        ["collections.OrderedDict"] = l => l.PyODictObject.Size,
        ["collections.deque"] = l => l.DequeObject.Size,
        ["collections.defaultdict"] = l => l.DefDictObject.Size,
        ["functools.partial"] = l => l.PartialObject.Size,
        ["functools._lru_cache_wrapper"] = l => l.LruCacheObject.Size,
        ["array.array"] = l => l.ArrayObject.Size,
        ["datetime.datetime"] = l => l.PyDateTimeDateTime.Size,
        ["datetime.timedelta"] = l => l.PyDateTimeDelta.Size,
        ["_io.BytesIO"] = l => l.BytesIO.Size,
        ["_io.StringIO"] = l => l.StringIO.Size,
        ["_io.FileIO"] = l => l.FileIO.Size,
        ["_io.TextIOWrapper"] = l => l.TextIO.Size,
        ["_io.BufferedReader"] = l => l.Buffered.Size,
        ["_asyncio.Future"] = l => l.FutureObject.Size,
        ["_asyncio.Task"] = l => l.TaskObject.Size,
    };

    /// <summary>Every name that is checked.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <param name="layout">The layout in question.</param>
    /// <param name="name">As <c>tp_name</c> spells it.</param>
    /// <param name="size">Bytes that the type's <c>tp_basicsize</c> must be.</param>
    /// <returns>False for a type that the version or the list lacks.</returns>
    public static bool TryExpect(CPythonLayout layout, string name, out int size)
    {
        size = ByName.TryGetValue(name, out var expected) ? expected(layout) : CPythonLayout.Absent;
        return size > 0;
    }

    /// <summary>3.11+: an object that holds a frame counts up to the frame's first local; before, it holds none.</summary>
    private static int WithFrame(CPythonLayout layout, int size, int frame) =>
        frame == CPythonLayout.Absent ? size : frame + layout.PyInterpreterFrame.localsplus;
}
