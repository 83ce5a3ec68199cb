namespace Hognose.Insights.Heaps;

/// <summary>Numbers keys in the order in which they come.</summary>
internal sealed class Places<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, int> _places = [];
    private readonly List<TKey> _keys = [];

    public int Count => _keys.Count;

    public TKey this[int place] => _keys[place];

    public int Of(TKey key)
    {
        if (_places.TryGetValue(key, out var place))
            return place;
        _places.Add(key, _keys.Count);
        _keys.Add(key);
        return _keys.Count - 1;
    }
}
