using Hognose.Heap.Naming;

namespace Hognose.CPython.Naming;

/// <summary>Every name once, numbered in the order in which it was met; number 0 is the reference without a name.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<ReferenceName, int> _ids = new() { [default] = 0 };
    private readonly List<ReferenceName> _names = [default];

    /// <summary>By kind: the number of the name without a text; 0 while there is none.</summary>
    private readonly int[] _plain = new int[byte.MaxValue + 1];

    public IReadOnlyList<ReferenceName> Names => _names;

    /// <summary>Of most references the kind is all that is kept.</summary>
    public int IdOf(ReferenceKind kind) => _plain[(byte)kind] is var id and > 0 ? id : _plain[(byte)kind] = IdOf(new ReferenceName(kind));

    public int IdOf(ReferenceName name)
    {
        if (_ids.TryGetValue(name, out var id))
            return id;
        _ids[name] = id = _names.Count;
        _names.Add(name);
        return id;
    }
}
