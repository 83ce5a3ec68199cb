namespace Hognose.CPython.Types;

/// <summary>Iterators of built-in types, and itertools.</summary>
internal sealed partial class TypeSpecs
{
    private void AddIterators()
    {
        Add("enumerate", L.EnumObject.Size)
            .Visits(L.EnumObject.en_sit, L.EnumObject.en_result, L.EnumObject.en_longindex)
            .Owns(L.EnumObject.one);
        Add("reversed", L.ReversedObject.Size).Visits(L.ReversedObject.seq);
        Add("zip", L.ZipObject.Size).Visits(L.ZipObject.ittuple, L.ZipObject.result);
        Add("map", L.MapObject.Size).Visits(L.MapObject.iters, L.MapObject.func);
        Add("filter", L.FilterObject.Size).Visits(L.FilterObject.func, L.FilterObject.it);
        Add("list_iterator", L.PyListIteratorObject.Size).Visits(L.PyListIteratorObject.it_seq);
        Add("list_reverseiterator", L.ListReverseIteratorObject.Size).Visits(L.ListReverseIteratorObject.it_seq);
        Add("tuple_iterator", L.PyTupleIteratorObject.Size).Visits(L.PyTupleIteratorObject.it_seq);
        foreach (var name in (string[])["str_iterator", "str_ascii_iterator"])
            Add(name, L.UnicodeIteratorObject.Size).Visits(L.UnicodeIteratorObject.it_seq);
        foreach (var name in (string[])["bytes_iterator", "bytearray_iterator"])
            Add(name, L.BytesIteratorObject.Size).Visits(L.BytesIteratorObject.it_seq);
        Add("set_iterator", L.SetIteratorObject.Size).Visits(L.SetIteratorObject.si_set);
        foreach (var what in (string[])["key", "value", "item"])
            foreach (var order in (string[])["", "reverse"])
                Add($"dict_{order}{what}iterator", L.DictIteratorObject.Size).Visits(L.DictIteratorObject.di_dict, L.DictIteratorObject.di_result);
        Add("odict_iterator", L.OdictIteratorObject.Size).Visits(
            L.OdictIteratorObject.di_odict, L.OdictIteratorObject.di_current, L.OdictIteratorObject.di_result);
        Add("iterator", L.SequenceIteratorObject.Size).Visits(L.SequenceIteratorObject.it_seq);
        Add("callable_iterator", L.CallIteratorObject.Size).Visits(L.CallIteratorObject.it_callable, L.CallIteratorObject.it_sentinel);
        Add("range_iterator", L.RangeIteratorObject.Size);
        Add("longrange_iterator", L.LongRangeIteratorObject.Size).Owns(
            L.LongRangeIteratorObject.index, L.LongRangeIteratorObject.start, L.LongRangeIteratorObject.step, L.LongRangeIteratorObject.len);
        Add("line_iterator", L.LineIteratorObject.Size).Owns(L.LineIteratorObject.li_code);
        Add("positions_iterator", L.PositionsIteratorObject.Size).Owns(L.PositionsIteratorObject.pi_code);
        Add("types.generic_alias_iterator", L.GenericAliasIteratorObject.Size).Visits(L.GenericAliasIteratorObject.obj);
        foreach (var name in (string[])["_collections._deque_iterator", "_collections._deque_reverse_iterator"])
            Add(name, L.DequeIteratorObject.Size).Visits(L.DequeIteratorObject.deque);
        foreach (var name in (string[])["arrayiterator", "array.arrayiterator"])
            Add(name, L.ArrayIteratorObject.Size).Visits(L.ArrayIteratorObject.ao);
        foreach (var name in (string[])["keys", "values", "items"])
            Add(name, L.PyHamtIterator.Size).Visits(L.PyHamtIterator.hi_obj);
    }

    private void AddItertools()
    {
        Add("itertools.accumulate", L.AccumulateObject.Size).Visits(
            L.AccumulateObject.total, L.AccumulateObject.it, L.AccumulateObject.binop, L.AccumulateObject.initial);
        Add("itertools.batched", L.BatchedObject.Size).Visits(L.BatchedObject.it);
        Add("itertools.chain", L.ChainObject.Size).Visits(L.ChainObject.source, L.ChainObject.active);
        Add("itertools.combinations", L.CombinationsObject.Size)
            .Visits(L.CombinationsObject.pool, L.CombinationsObject.result)
            .Sized(new Objects.PoolsSize(context, L.CombinationsObject.pool, 0, L.CombinationsObject.r));
        Add("itertools.combinations_with_replacement", L.CombinationsWithReplacementObject.Size)
            .Visits(L.CombinationsWithReplacementObject.pool, L.CombinationsWithReplacementObject.result)
            .Sized(new Objects.PoolsSize(context, L.CombinationsWithReplacementObject.pool, 0, L.CombinationsWithReplacementObject.r));
        Add("itertools.permutations", L.PermutationsObject.Size)
            .Visits(L.PermutationsObject.pool, L.PermutationsObject.result)
            .Sized(new Objects.PoolsSize(context, L.PermutationsObject.pool, 1, L.PermutationsObject.r));
        Add("itertools.product", L.ProductObject.Size)
            .Visits(L.ProductObject.pools, L.ProductObject.result)
            .Sized(new Objects.PoolsSize(context, L.ProductObject.pools, 1, -1));
        Add("itertools.compress", L.CompressObject.Size).Visits(L.CompressObject.data, L.CompressObject.selectors);
        Add("itertools.count", L.CountObject.Size).Visits(L.CountObject.long_cnt, L.CountObject.long_step);
        Add("itertools.cycle", L.CycleObject.Size).Visits(L.CycleObject.it, L.CycleObject.saved);
        Add("itertools.dropwhile", L.DropWhileObject.Size).Visits(L.DropWhileObject.func, L.DropWhileObject.it);
        Add("itertools.takewhile", L.TakeWhileObject.Size).Visits(L.TakeWhileObject.func, L.TakeWhileObject.it);
        Add("itertools.filterfalse", L.FilterFalseObject.Size).Visits(L.FilterFalseObject.func, L.FilterFalseObject.it);
        Add("itertools.groupby", L.GroupByObject.Size).Visits(
            L.GroupByObject.it, L.GroupByObject.keyfunc, L.GroupByObject.tgtkey, L.GroupByObject.currkey, L.GroupByObject.currvalue);
        Add("itertools._grouper", L.GrouperObject.Size).Visits(L.GrouperObject.parent, L.GrouperObject.tgtkey);
        Add("itertools.islice", L.SliceIteratorObject.Size).Visits(L.SliceIteratorObject.it);
        Add("itertools.pairwise", L.PairwiseObject.Size).Visits(L.PairwiseObject.it, L.PairwiseObject.old, L.PairwiseObject.result);
        Add("itertools.repeat", L.RepeatObject.Size).Visits(L.RepeatObject.element);
        Add("itertools.starmap", L.StarMapObject.Size).Visits(L.StarMapObject.func, L.StarMapObject.it);
        Add("itertools._tee", L.TeeObject.Size).Visits(L.TeeObject.dataobj);
        Add("itertools._tee_dataobject", L.TeeDataObject.Size)
            .Visits(L.TeeDataObject.it)
            .With(new Objects.TeeDataReader(context))
            .Visits(L.TeeDataObject.nextlink);
        Add("itertools.zip_longest", L.ZipLongestObject.Size).Visits(
            L.ZipLongestObject.ittuple, L.ZipLongestObject.result, L.ZipLongestObject.fillvalue);
    }
}
