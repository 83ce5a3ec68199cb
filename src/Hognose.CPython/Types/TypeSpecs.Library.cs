using Hognose.CPython.Objects;

namespace Hognose.CPython.Types;

/// <summary>Types of the standard library's extension modules.</summary>
internal sealed partial class TypeSpecs
{
    private void AddLibrary(SpecParts parts)
    {
        AddFunctional();
        AddDates();
        Add("array.array", L.ArrayObject.Size).Sized(new ArraySize(context));
        Add("_collections._tuplegetter", L.TupleGetterObject.Size).Visits(L.TupleGetterObject.index, L.TupleGetterObject.doc);
        Add("decimal.Decimal", L.DecimalObject.Size).Sized(new DecimalSize(context));
        Add("xml.etree.ElementTree.Element", L.ElementObject.Size).With(new ElementReader(context)).Sized(new ElementSize(context));
        Add("_queue.SimpleQueue", L.SimpleQueueObject.Size).Visits(L.SimpleQueueObject.lst);
        if (L.SimpleQueueObject.buf_items >= 0)
            _specs["_queue.SimpleQueue"].With(new RingBufferReader(context)).Sized(
                minor >= 15 ? new BufferSize(L.SimpleQueueObject.buf_items_cap, 8) : new DefaultSize(context));
        AddForeign(parts);
        AddPickle(parts);
        Add("_thread.lock");
        Add("_thread.RLock");
        Add("_random.Random", L.RandomObject.Size);
        foreach (var name in (string[])["Struct", "_struct.Struct"])
            Add(name, L.StructObject.Size).Holds(L.StructObject.s_format).Sized(new StructSize(context));
        Add("re.Pattern").Holds(L.PatternObject.groupindex, L.PatternObject.indexgroup, L.PatternObject.pattern);
        Add("re.Match").Holds(L.MatchObject.@string, L.MatchObject.regs, L.MatchObject.pattern);
    }

    private void AddFunctional()
    {
        Add("functools.partial", L.PartialObject.Size).Visits(
            L.PartialObject.fn, L.PartialObject.args, L.PartialObject.kw, L.PartialObject.dict);
        Add("functools._lru_cache_wrapper", L.LruCacheObject.Size)
            .With(new LruCacheReader(context, visitsLinkTypes: minor >= 10))
            .Visits(
                L.LruCacheObject.cache, L.LruCacheObject.func, L.LruCacheObject.kwd_mark, L.LruCacheObject.lru_list_elem_type,
                L.LruCacheObject.cache_info_type, L.LruCacheObject.dict);
        Add("functools._lru_list_elem", L.LruListElement.Size).Owns(L.LruListElement.key, L.LruListElement.result);
        Add("functools.KeyWrapper", L.KeyObject.Size).Holds(L.KeyObject.cmp, L.KeyObject.@object);
        Add("operator.itemgetter", L.ItemGetterObject.Size).Visits(L.ItemGetterObject.item);
        Add("operator.attrgetter", L.AttributeGetterObject.Size).Visits(L.AttributeGetterObject.attr);
        var caller = Add("operator.methodcaller", L.MethodCallerObject.Size).Visits(
            L.MethodCallerObject.args, L.MethodCallerObject.xargs, L.MethodCallerObject.kwds);
        From(10, caller, L.MethodCallerObject.name);
        if (minor >= 14)
            caller.Visits(L.MethodCallerObject.vectorcall_args, L.MethodCallerObject.vectorcall_kwnames);
    }

    private void AddPickle(SpecParts parts)
    {
        Add("_pickle.Pickler", L.PicklerObject.Size)
            .Visits(
                L.PicklerObject.write, L.PicklerObject.pers_func, L.PicklerObject.persistent_id, L.PicklerObject.dispatch_table,
                L.PicklerObject.reducer_override, L.PicklerObject.fast_memo, L.PicklerObject.buffer_callback)
            .Owns(L.PicklerObject.output_buffer)
            .With(new PicklerReader(context, parts.PickleMemo))
            .Sized(new PicklerSize(context));
        Add("_pickle.Unpickler", L.UnpicklerObject.Size)
            .Visits(
                L.UnpicklerObject.readline, L.UnpicklerObject.readinto, L.UnpicklerObject.read, L.UnpicklerObject.peek,
                L.UnpicklerObject.stack, L.UnpicklerObject.pers_func, L.UnpicklerObject.persistent_load, L.UnpicklerObject.buffers)
            .With(new ArrayReader(context, L.UnpicklerObject.memo, L.UnpicklerObject.memo_size, parts.PickleMemo))
            .Sized(new UnpicklerSize(context));
    }

    private void AddDates()
    {
        Add("datetime.date");
        Add("datetime.timedelta");
        Add("datetime.datetime").With(new TimeZoneReader(L.PyDateTimeDateTime.hastzinfo, L.PyDateTimeDateTime.tzinfo));
        Add("datetime.time").With(new TimeZoneReader(L.PyDateTimeTime.hastzinfo, L.PyDateTimeTime.tzinfo));
        Add("datetime.timezone", L.PyDateTimeTimeZone.Size).Owns(L.PyDateTimeTimeZone.offset, L.PyDateTimeTimeZone.name);
    }
}
