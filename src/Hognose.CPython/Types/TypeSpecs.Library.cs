using Hognose.CPython.Objects;

namespace Hognose.CPython.Types;

/// <summary>Types of the standard library's extension modules.</summary>
internal sealed partial class TypeSpecs
{
    private void AddLibrary()
    {
        AddFunctional();
        AddDates();
        Add("array.array", L.ArrayObject.Size).Sized(new ArraySize(context));
        Add("_collections._tuplegetter", L.TupleGetterObject.Size).Visits(L.TupleGetterObject.index, L.TupleGetterObject.doc);
        Add("decimal.Decimal", L.DecimalObject.Size).Sized(new DecimalSize(context));
        Add("xml.etree.ElementTree.Element", L.ElementObject.Size).With(new ElementReader(context)).Sized(new ElementSize(context));
        Add("_thread.lock");
        Add("_thread.RLock");
        Add("_random.Random", L.RandomObject.Size);
        foreach (var name in (string[])["Struct", "_struct.Struct"])
            Add(name, L.StructObject.Size).Owns(L.StructObject.s_format).Sized(new StructSize(context));
        Add("re.Pattern").Owns(L.PatternObject.groupindex, L.PatternObject.indexgroup, L.PatternObject.pattern);
        Add("re.Match").Owns(L.MatchObject.@string, L.MatchObject.regs, L.MatchObject.pattern);
    }

    private void AddFunctional()
    {
        Add("functools.partial", L.PartialObject.Size).Visits(
            L.PartialObject.fn, L.PartialObject.args, L.PartialObject.kw, L.PartialObject.dict);
        Add("functools._lru_cache_wrapper", L.LruCacheObject.Size)
            .With(new LruCacheReader(context, visitsLinks: minor >= 10))
            .Visits(
                L.LruCacheObject.cache, L.LruCacheObject.func, L.LruCacheObject.kwd_mark, L.LruCacheObject.lru_list_elem_type,
                L.LruCacheObject.cache_info_type, L.LruCacheObject.dict);
        Add("functools._lru_list_elem", L.LruListElement.Size).Owns(L.LruListElement.key, L.LruListElement.result);
        Add("functools.KeyWrapper", L.KeyObject.Size).Visits(L.KeyObject.cmp, L.KeyObject.@object);
        Add("operator.itemgetter", L.ItemGetterObject.Size).Visits(L.ItemGetterObject.item);
        Add("operator.attrgetter", L.AttributeGetterObject.Size).Visits(L.AttributeGetterObject.attr);
        Add("operator.methodcaller", L.MethodCallerObject.Size).Visits(
            L.MethodCallerObject.name, L.MethodCallerObject.args, L.MethodCallerObject.xargs, L.MethodCallerObject.kwds);
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
