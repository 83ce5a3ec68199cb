using Hognose.CPython.Objects;
using Hognose.Heap;

namespace Hognose.CPython.Types;

/// <summary>How instances of a type written in C are read: which pointers it visits, which it owns besides, how it counts its size.</summary>
internal sealed class TypeSpec(int size)
{
    private readonly List<ObjectReader> _readers = [];

    /// <summary>Of the C struct; a type of the same name but another basic size is another type. -1: not known.</summary>
    public int Size => size;

    public IReadOnlyList<ObjectReader> Readers => _readers;

    public SizeReader? Sizer { get; private set; }

    /// <summary>Instances of heap types visit their type (gh-84258), but for a few that forgot.</summary>
    public bool VisitsType { get; private set; } = true;

    /// <summary>Fields that <c>tp_traverse</c> visits. A field that the version lacks is left out.</summary>
    public TypeSpec Visits(params ReadOnlySpan<int> offsets) => Add(offsets, EdgeKind.Ref);

    /// <summary>Fields that are owned but not visited.</summary>
    public TypeSpec Owns(params ReadOnlySpan<int> offsets) => Add(offsets, EdgeKind.Extra);

    public TypeSpec With(params ReadOnlySpan<ObjectReader> readers)
    {
        _readers.AddRange(readers);
        return this;
    }

    public TypeSpec Sized(SizeReader sizer)
    {
        Sizer = sizer;
        return this;
    }

    public TypeSpec NotVisitingItsType()
    {
        VisitsType = false;
        return this;
    }

    private TypeSpec Add(ReadOnlySpan<int> offsets, EdgeKind kind)
    {
        var present = new List<int>();
        foreach (var offset in offsets)
            if (offset >= 0)
                present.Add(offset);
        if (present.Count > 0)
            _readers.Add(new FieldsReader([.. present], kind));
        return this;
    }
}
