using Hognose.Heap.Naming;

namespace Hognose.CPython.Naming;

/// <summary>Every name once, numbered in the order in which it was met; number 0 is the reference without a name.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<ReferenceName, int> _ids = new() { [default] = 0 };
    private readonly List<ReferenceName> _names = [default];

    public IReadOnlyList<ReferenceName> Names => _names;

    public int IdOf(ReferenceName name)
    {
        if (_ids.TryGetValue(name, out var id))
            return id;
        _ids[name] = id = _names.Count;
        _names.Add(name);
        return id;
    }
}
