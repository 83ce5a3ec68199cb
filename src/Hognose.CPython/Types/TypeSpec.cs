using Hognose.CPython.Objects;
using Hognose.Heap;

namespace Hognose.CPython.Types;

/// <summary>How instances of a type written in C are read: which pointers it visits, which it owns besides, how it counts its size.</summary>
internal sealed class TypeSpec(int size)
{
    private readonly List<ObjectReader> _readers = [];
    private readonly List<int> _held = [];

    /// <summary>Of the C struct; a type of the same name but another basic size is another type. -1: not known.</summary>
    public int Size => size;

    /// <param name="isCollected">Whether the type written in C is.</param>
    public IEnumerable<ObjectReader> Readers(bool isCollected) =>
        _held.Count == 0 ? _readers : _readers.Prepend(new FieldsReader([.. _held], isCollected ? EdgeKind.Ref : EdgeKind.Extra));

    /// <summary>Where the part that the fields describe ends; -1: at the type's basic size.</summary>
    public int UnknownFrom { get; private set; } = -1;

    public SizeReader? Sizer { get; private set; }

    /// <summary>Instances of heap types visit their type (gh-84258), but for a few that forgot.</summary>
    public bool VisitsType { get; private set; } = true;

    /// <summary>Fields that <c>tp_traverse</c> visits. A field that the version lacks is left out.</summary>
    public TypeSpec Visits(params ReadOnlySpan<int> offsets) => Add(offsets, EdgeKind.Ref);

    /// <summary>Fields that are owned but not visited.</summary>
    public TypeSpec Owns(params ReadOnlySpan<int> offsets) => Add(offsets, EdgeKind.Extra);

    /// <summary>Fields that are visited in the versions whose type is collected, and owned in the others.</summary>
    public TypeSpec Holds(params ReadOnlySpan<int> offsets)
    {
        foreach (var offset in offsets)
            if (offset >= 0)
                _held.Add(offset);
        return this;
    }

    public TypeSpec With(params ReadOnlySpan<ObjectReader> readers)
    {
        _readers.AddRange(readers);
        return this;
    }

    /// <summary>What lies behind this many bytes of the struct is scanned conservatively.</summary>
    public TypeSpec WordsBehind(int bytes)
    {
        UnknownFrom = bytes;
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
