using Hognose.CPython.Layouts;
using Hognose.CPython.Objects;
using Hognose.Heap.Naming;

namespace Hognose.CPython.Naming;

/// <summary>What Python calls the fields of objects written in C, by the type's <c>tp_name</c>: those that a way to a leak leads through.</summary>
internal sealed class FieldNames
{
    private readonly Dictionary<string, (int Offset, ReferenceName Name)[]> _fields = new(StringComparer.Ordinal);

    public FieldNames(CPythonLayout l)
    {
        Add("module", (l.PyModuleObject.md_dict, Namespace));
        Add("cell", (l.PyCellObject.ob_ref, new ReferenceName(ReferenceKind.Cell)));
        Add("method", (l.PyMethodObject.im_self, Called("__self__")), (l.PyMethodObject.im_func, Called("__func__")));
        Add("builtin_function_or_method", (l.PyCFunctionObject.m_self, Called("__self__")));
        Add(
            "function",
            (l.PyFunctionObject.func_closure, Called("__closure__")), (l.PyFunctionObject.func_defaults, Called("__defaults__")),
            (l.PyFunctionObject.func_kwdefaults, Called("__kwdefaults__")), (l.PyFunctionObject.func_dict, Namespace),
            (l.PyFunctionObject.func_globals, Called("__globals__")), (l.PyFunctionObject.func_code, Called("__code__")),
            (l.PyFunctionObject.func_annotations, Called("__annotations__")));
        Add("code", (l.PyCodeObject.co_consts, Called("co_consts")), (l.PyCodeObject.co_names, Called("co_names")));
        Add("property", (l.PropertyObject.prop_get, Called("fget")), (l.PropertyObject.prop_set, Called("fset")));
        Add("classmethod", (l.ClassMethodObject.cm_callable, Called("__func__")));
        Add("staticmethod", (l.StaticMethodObject.sm_callable, Called("__func__")));
        Add("memoryview", (l.PyMemoryViewObject.mbuf, Called("obj")));
        Add("managedbuffer", (l.PyManagedBufferObject.master + l.PyBuffer.obj, Called("obj")));
        Add(NumpyArrays.TypeName, (NumpyArrays.Base, Called("base")), (NumpyArrays.ElementType, Called("dtype")));
        Add("mappingproxy", (l.MappingProxyObject.mapping, Called("mapping")));
        Add("types.SimpleNamespace", (l.PyNamespaceObject.ns_dict, Namespace));
        Add("traceback", (l.PyTracebackObject.tb_next, Called("tb_next")), (l.PyTracebackObject.tb_frame, Called("tb_frame")));
        Add("frame", (l.PyFrameObject.f_back, Called("f_back")), (l.PyFrameObject.f_globals, Called("f_globals")));
        Add(
            "BaseException",
            (l.PyBaseExceptionObject.traceback, Called("__traceback__")), (l.PyBaseExceptionObject.context, Called("__context__")),
            (l.PyBaseExceptionObject.cause, Called("__cause__")), (l.PyBaseExceptionObject.args, Called("args")), (l.PyBaseExceptionObject.dict, Namespace));
        Add("functools.partial", (l.PartialObject.fn, Called("func")), (l.PartialObject.args, Called("args")), (l.PartialObject.kw, Called("keywords")));
        Add("functools._lru_cache_wrapper", (l.LruCacheObject.cache, Called("cache")), (l.LruCacheObject.func, Called("__wrapped__")));
        Add("collections.defaultdict", (l.DefDictObject.default_factory, Called("default_factory")));
        Add("weakref.ReferenceType", (l.PyWeakReference.wr_callback, Called("__callback__")));
        foreach (var name in (string[])["generator", "coroutine", "async_generator"])
            Add(name, (l.PyGenObject.gi_frame, Called("gi_frame")));
        Add("_asyncio.Task", (l.TaskObject.task_coro, Called("get_coro()")), (l.TaskObject.task_fut_waiter, Called("awaiting")));
        Add("_asyncio.Future", (l.FutureObject.fut_result, Called("result()")), (l.FutureObject.fut_callbacks, Called("callbacks")));
        Add(
            "type",
            (l.PyTypeObject.tp_dict, Namespace), (l.PyTypeObject.tp_mro, Called("__mro__")), (l.PyTypeObject.tp_bases, Called("__bases__")),
            (l.PyTypeObject.tp_base, Called("__base__")), (l.PyTypeObject.tp_subclasses, Called("__subclasses__()")));
    }

    private static ReferenceName Namespace => new(ReferenceKind.Namespace);

    public ReadOnlySpan<(int Offset, ReferenceName Name)> Of(string type) => _fields.TryGetValue(type, out var fields) ? fields : [];

    private static ReferenceName Called(string name) => new(ReferenceKind.Attribute, name);

    /// <summary>A field that the version lacks has no offset.</summary>
    private void Add(string type, params ReadOnlySpan<(int Offset, ReferenceName Name)> fields)
    {
        var present = new List<(int, ReferenceName)>();
        foreach (var field in fields)
            if (field.Offset >= 0)
                present.Add(field);
        _fields[type] = [.. present];
    }
}
