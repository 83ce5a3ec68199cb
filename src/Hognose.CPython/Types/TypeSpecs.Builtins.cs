using Hognose.CPython.Objects;
using Hognose.Heap;

namespace Hognose.CPython.Types;

/// <summary>Types of Objects/*.c.</summary>
internal sealed partial class TypeSpecs
{
    private void AddScalars(SpecParts parts)
    {
        Add("NoneType");
        Add("NotImplementedType");
        Add("ellipsis");
        Add("int").Sized(parts.Long);
        Add("bool").Sized(parts.Long);
        Add("float");
        Add("complex");
        Add("str").Sized(parts.Unicode);
        Add("bytes");
        Add("bytearray").Owns(L.PyByteArrayObject.ob_bytes_object).Sized(parts.ByteArray);
        Add("slice", L.PySliceObject.Size).Visits(L.PySliceObject.start, L.PySliceObject.stop, L.PySliceObject.step);
        Add("range", L.RangeObject.Size).Owns(L.RangeObject.start, L.RangeObject.stop, L.RangeObject.step, L.RangeObject.length);
        Add("memoryview").Visits(L.PyMemoryViewObject.mbuf);
        Add("managedbuffer", L.PyManagedBufferObject.Size).Visits(L.PyManagedBufferObject.master + L.PyBuffer.obj);
        Add("PickleBuffer");
        Add("pickle.PickleBuffer", L.PyPickleBufferObject.Size).Visits(L.PyPickleBufferObject.view + L.PyBuffer.obj);
        Add("weakref.ReferenceType", L.PyWeakReference.Size).Visits(L.PyWeakReference.wr_callback);
        foreach (var name in (string[])["weakref", "weakproxy", "weakcallableproxy", "weakref.ProxyType", "weakref.CallableProxyType"])
            AddAlso(name, _specs["weakref.ReferenceType"]);
        Add("PyCapsule", L.PyCapsule.Size);
        Add("symtable entry", L.SymbolTableEntryObject.Size).Owns(
            L.SymbolTableEntryObject.ste_id, L.SymbolTableEntryObject.ste_symbols, L.SymbolTableEntryObject.ste_name,
            L.SymbolTableEntryObject.ste_varnames, L.SymbolTableEntryObject.ste_children, L.SymbolTableEntryObject.ste_directives);
    }

    private void AddContainers(SpecParts parts)
    {
        Add("list", L.PyListObject.Size)
            .With(new ListReader(context))
            .Sized(new BufferSize(L.PyListObject.allocated, 8));
        Add("tuple").With(new InlineItemsReader(context, L.PyTupleObject.ob_item, 0, EdgeKind.Ref));
        Add("dict", L.PyDictObject.Size).With(parts.Dict).Sized(parts.DictSize);
        Add("frozendict").With(parts.Dict).Sized(parts.DictSize);
        foreach (var name in (string[])["set", "frozenset"])
            Add(name, L.PySetObject.Size).With(new SetReader(context)).Sized(new SetSize(context));
        Add("mappingproxy", L.MappingProxyObject.Size).Visits(L.MappingProxyObject.mapping);
        Add("types.SimpleNamespace", L.PyNamespaceObject.Size).Visits(L.PyNamespaceObject.ns_dict);
        foreach (var name in (string[])["dict_keys", "dict_values", "dict_items"])
            Add(name, L.PyDictViewObject.Size).Visits(L.PyDictViewObject.dv_dict);
        Add("collections.OrderedDict", L.PyODictObject.Size)
            .With(new OrderedDictReader(context))
            .With(parts.Dict)
            .Sized(parts.OrderedDictSize);
        Add("collections.defaultdict", L.DefDictObject.Size)
            .Visits(L.DefDictObject.default_factory)
            .With(parts.Dict)
            .Sized(parts.DictSize);
        Add("collections.deque", L.DequeObject.Size).With(new DequeReader(context)).Sized(new DequeSize(context));
        Add("hamt", L.PyHamtObject.Size).Visits(L.PyHamtObject.h_root);
        Add("hamt_array_node", L.PyHamtNodeArray.Size).With(new FixedItemsReader(L.PyHamtNodeArray.a_array, 32));
        Add("hamt_bitmap_node").With(new InlineItemsReader(context, L.PyHamtNodeBitmap.b_array, 0, EdgeKind.Ref));
        Add("hamt_collision_node").With(new InlineItemsReader(context, L.PyHamtNodeCollision.c_array, 0, EdgeKind.Ref));
        AddHamtUsers();
    }

    private void AddHamtUsers()
    {
        foreach (var prefix in (string[])["", "_contextvars.", "contextvars."])
        {
            Add(prefix + "Context", L.PyContext.Size).Visits(L.PyContext.ctx_prev, L.PyContext.ctx_vars);
            Add(prefix + "Token", L.PyContextToken.Size).Visits(
                L.PyContextToken.tok_ctx, L.PyContextToken.tok_var, L.PyContextToken.tok_oldval);
            Add(prefix + "ContextVar", L.PyContextVar.Size).Visits(L.PyContextVar.var_name, L.PyContextVar.var_default);
        }
    }

    private void AddCallables(SpecParts parts)
    {
        Add("type").With(parts.Type).Sized(parts.TypeSize);
        Add("super", L.SuperObject.Size).Visits(L.SuperObject.type, L.SuperObject.obj, L.SuperObject.obj_type);
        Add("property", L.PropertyObject.Size).Visits(
            L.PropertyObject.prop_get, L.PropertyObject.prop_set, L.PropertyObject.prop_del, L.PropertyObject.prop_doc,
            L.PropertyObject.prop_name);
        Add("classmethod", L.ClassMethodObject.Size).Visits(L.ClassMethodObject.cm_callable, L.ClassMethodObject.cm_dict);
        Add("staticmethod", L.StaticMethodObject.Size).Visits(L.StaticMethodObject.sm_callable, L.StaticMethodObject.sm_dict);
        Add("function", L.PyFunctionObject.Size).Visits(
            L.PyFunctionObject.func_code, L.PyFunctionObject.func_globals, L.PyFunctionObject.func_builtins, L.PyFunctionObject.func_module,
            L.PyFunctionObject.func_defaults, L.PyFunctionObject.func_kwdefaults, L.PyFunctionObject.func_doc, L.PyFunctionObject.func_name,
            L.PyFunctionObject.func_dict, L.PyFunctionObject.func_closure, L.PyFunctionObject.func_annotations,
            L.PyFunctionObject.func_annotate, L.PyFunctionObject.func_typeparams, L.PyFunctionObject.func_qualname);
        Add("method", L.PyMethodObject.Size).Visits(L.PyMethodObject.im_func, L.PyMethodObject.im_self);
        Add("instancemethod", L.PyInstanceMethodObject.Size).Visits(L.PyInstanceMethodObject.func);
        Add("builtin_function_or_method", L.PyCFunctionObject.Size).Visits(L.PyCFunctionObject.m_self, L.PyCFunctionObject.m_module);
        Add("builtin_method", L.PyCMethodObject.Size).Visits(
            L.PyCFunctionObject.m_self, L.PyCFunctionObject.m_module, L.PyCMethodObject.mm_class);
        Add("method-wrapper", L.WrapperObject.Size).Visits(L.WrapperObject.descr, L.WrapperObject.self);
        foreach (var name in (string[])["wrapper_descriptor", "method_descriptor", "classmethod_descriptor", "member_descriptor", "getset_descriptor"])
            Add(name).Visits(L.PyDescrObject.d_type).Owns(L.PyDescrObject.d_name, L.PyDescrObject.d_qualname);
        Add("cell", L.PyCellObject.Size).Visits(L.PyCellObject.ob_ref);
        Add("module", L.PyModuleObject.Size).With(new ModuleReader(context));
        Add("moduledef").Owns(L.PyModuleDef.m_base_m_copy);
        Add("types.GenericAlias", L.GenericAliasObject.Size).Visits(
            L.GenericAliasObject.origin, L.GenericAliasObject.args, L.GenericAliasObject.parameters);
        foreach (var name in (string[])["types.UnionType", "types.Union", "typing.Union"])
            Add(name, L.UnionObject.Size).Visits(
                L.UnionObject.args, L.UnionObject.hashable_args, L.UnionObject.unhashable_args, L.UnionObject.parameters);
        Add("string.templatelib.Template", L.PyTemplateObject.Size).Visits(L.PyTemplateObject.strings, L.PyTemplateObject.interpolations);
        Add("string.templatelib.Interpolation", L.PyInterpolationObject.Size).Visits(
            L.PyInterpolationObject.value, L.PyInterpolationObject.expression, L.PyInterpolationObject.conversion,
            L.PyInterpolationObject.format_spec);
        Add("lazy_import", L.PyLazyImportObject.Size).Visits(
            L.PyLazyImportObject.lz_builtins, L.PyLazyImportObject.lz_from, L.PyLazyImportObject.lz_attr, L.PyLazyImportObject.lz_code);
    }

    private void AddFrames(SpecParts parts)
    {
        Add("code").Owns(
            L.PyCodeObject.co_code, L.PyCodeObject.co_consts, L.PyCodeObject.co_names, L.PyCodeObject.co_varnames, L.PyCodeObject.co_freevars,
            L.PyCodeObject.co_cellvars, L.PyCodeObject.co_localsplusnames, L.PyCodeObject.co_localspluskinds, L.PyCodeObject.co_filename,
            L.PyCodeObject.co_name, L.PyCodeObject.co_qualname, L.PyCodeObject.co_lnotab, L.PyCodeObject.co_linetable,
            L.PyCodeObject.co_exceptiontable, L.PyCodeObject._co_code).Sized(parts.Code);
        Add("frame").With(parts.Frame).Sized(parts.FrameSize);
        Add("FrameLocalsProxy", L.PyFrameLocalsProxyObject.Size).Visits(L.PyFrameLocalsProxyObject.frame);
        Add("traceback", L.PyTracebackObject.Size).Visits(L.PyTracebackObject.tb_next, L.PyTracebackObject.tb_frame);
        AddGenerator("generator", parts);
        AddGenerator("coroutine", parts).Owns(L.PyCoroObject.cr_origin, L.PyCoroObject.cr_origin_or_finalizer);
        AddGenerator("async_generator", parts).Visits(L.PyAsyncGenObject.ag_finalizer, L.PyAsyncGenObject.ag_origin_or_finalizer);
        Add("coroutine_wrapper", L.PyCoroWrapper.Size).Visits(L.PyCoroWrapper.cw_coroutine);
        Add("async_generator_asend", L.PyAsyncGenASend.Size).Visits(L.PyAsyncGenASend.ags_gen, L.PyAsyncGenASend.ags_sendval);
        Add("async_generator_athrow", L.PyAsyncGenAThrow.Size).Visits(
            L.PyAsyncGenAThrow.agt_gen, L.PyAsyncGenAThrow.agt_args, L.PyAsyncGenAThrow.agt_typ, L.PyAsyncGenAThrow.agt_tb,
            L.PyAsyncGenAThrow.agt_val);
        Add("async_generator_wrapped_value", L.PyAsyncGenWrappedValue.Size).Visits(L.PyAsyncGenWrappedValue.agw_val);
        Add("anext_awaitable", L.AnextAwaitableObject.Size).Visits(L.AnextAwaitableObject.wrapped, L.AnextAwaitableObject.default_value);
    }

    private TypeSpec AddGenerator(string name, SpecParts parts)
    {
        var spec = Add(name).Visits(
            L.PyGenObject.gi_frame, L.PyGenObject.gi_code, L.PyGenObject.gi_name, L.PyGenObject.gi_qualname)
            .Visits(ExceptionState.Offsets(L, L.PyGenObject.gi_exc_state));
        if (parts.GeneratorFrame is { } frame)
            spec.With(frame);
        if (parts.GeneratorSize is { } size)
            spec.Sized(size);
        return spec;
    }
}
