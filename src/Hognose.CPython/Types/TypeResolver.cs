using Hognose.CPython.Objects;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Types;

/// <summary>
/// Composes the readers of a type as <c>subtype_traverse</c> does: slots of each Python class on the way up, the instance dict, the type
/// itself, then the nearest base written in C. What lies between a known base and the end of an unknown C type is scanned conservatively.
/// </summary>
internal sealed class TypeResolver(WalkContext context, TypeCatalog catalog, ReaderSet readers, ulong subtypeTraverse)
{
    private const int LongestChain = 256;

    private readonly TypeSpecs _specs = readers.Specs;
    private readonly SlotMembers _slots = new(context);
    private readonly DefaultSize _defaultSize = new(context);

    public void Resolve(PyType type)
    {
        var layers = new List<ObjectReader>();
        var native = AddPythonLayers(type, layers);
        var (spec, specType) = FindSpec(native);
        if (type.IsHeap)
            layers.Add(new TypeReferenceReader(TypeReferenceKind(type, native, spec)));
        layers.AddRange(spec.Readers(native.IsCollected));
        var hidden = readers.StructSequences.HiddenItems(native);
        if (hidden > 0)
            layers.Add(new HiddenItemsReader(context, hidden));
        type.Certainty = hidden > 0 ? SizeCertainty.Exact : AddUnknownPart(native, specType, spec, layers);
        type.Layers = [.. layers];
        type.Sizer = spec.Sizer ?? _defaultSize;
        type.SizeHeader = readers.PreHeader.CountedFor(type.Flags);
    }

    private bool IsPythonClass(PyType type) => type.IsHeap && type.Traverse == subtypeTraverse && subtypeTraverse != 0;

    private PyType AddPythonLayers(PyType type, List<ObjectReader> layers)
    {
        var native = type;
        var slots = new List<int>();
        for (var i = 0; i < LongestChain && IsPythonClass(native); i++)
        {
            slots.AddRange(_slots.Of(native));
            if (catalog.Find(native.Base) is not { } @base)
                break;
            native = @base;
        }
        if (slots.Count > 0)
            layers.Add(new FieldsReader([.. slots], EdgeKind.Ref));
        if ((type.Flags & TypeFlags.ManagedDict) != 0 && readers.ManagedDict is { } managed)
            layers.Add(managed);
        else if (IsPythonClass(type) && type.DictOffset != native.DictOffset && type.DictOffset != 0)
            layers.Add(new DictOffsetReader(context, type.DictOffset));
        return native;
    }

    private EdgeKind TypeReferenceKind(PyType type, PyType native, TypeSpec spec)
    {
        if (!type.IsCollected)
            return EdgeKind.Extra;
        if (IsPythonClass(type) && !native.IsHeap)
            return EdgeKind.Ref;
        if (readers.NativeHeapTypesVisitTheirType)
            return spec.VisitsType && !TypeSpecs.ForgetsItsType(readers.Names.NativeName(native)) ? EdgeKind.Ref : EdgeKind.Extra;
        return IsPythonClass(type) ? EdgeKind.Ref : EdgeKind.Extra;
    }

    private (TypeSpec Spec, PyType Type) FindSpec(PyType native)
    {
        var type = native;
        for (var i = 0; i < LongestChain; i++)
        {
            if (_specs.Find(readers.Names.NativeName(type), type.BasicSize) is { } spec)
                return (spec, type);
            if (catalog.Find(type.Base) is not { } @base)
                break;
            type = @base;
        }
        return (_specs.Object, type);
    }

    private SizeCertainty AddUnknownPart(PyType native, PyType known, TypeSpec spec, List<ObjectReader> layers)
    {
        if (native == known && spec.UnknownFrom < 0)
            return SizeCertainty.Exact;
        var from = spec.UnknownFrom >= 0 ? spec.UnknownFrom : (int)known.BasicSize;
        if (native.BasicSize > from)
            layers.Add(new WordsReader(context, from, (int)native.BasicSize, (int)native.WeakListOffset));
        return native != known && native.BasicSize > from || native.ItemSize != known.ItemSize ? SizeCertainty.Estimate : SizeCertainty.Exact;
    }
}
