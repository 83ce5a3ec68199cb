using Hognose.CPython.Layouts;
using Hognose.CPython.Objects;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Types;

/// <summary>The readers whose class depends on the version, handed to the table of types.</summary>
internal sealed record SpecParts
{
    public required ObjectReader Dict { get; init; }

    public required SizeReader DictSize { get; init; }

    public required SizeReader OrderedDictSize { get; init; }

    public required SizeReader Long { get; init; }

    public required SizeReader Unicode { get; init; }

    public required SizeReader ByteArray { get; init; }

    public required ObjectReader Type { get; init; }

    public required SizeReader TypeSize { get; init; }

    public required SizeReader Code { get; init; }

    public required ObjectReader Frame { get; init; }

    public required SizeReader FrameSize { get; init; }

    /// <summary>Whether Pickler and Unpickler visit what their memo holds.</summary>
    public required EdgeKind PickleMemo { get; init; }

    public required ObjectReader? GeneratorFrame { get; init; }

    public required SizeReader? GeneratorSize { get; init; }
}

/// <summary>
/// Every type that CPython implements in C, by <c>tp_name</c>: one line a type, one file a part of CPython. What the lines leave out is
/// read as its base and a conservative scan of the rest.
/// </summary>
internal sealed partial class TypeSpecs(WalkContext context, int minor)
{
    private readonly Dictionary<string, TypeSpec> _specs = new(StringComparer.Ordinal);

    private CPythonLayout L => context.Layout;

    public TypeSpec Object { get; } = new(context.Layout.PyObject.Size);

    public TypeSpec? Find(string name, long basicSize) =>
        name == "object" ? Object
        : _specs.TryGetValue(name, out var spec) && (spec.Size < 0 || spec.Size == basicSize) ? spec
        : null;

    /// <summary>Heap types written in C whose <c>tp_traverse</c> leaves out their type (Modules/cjkcodecs/multibytecodec.c).</summary>
    public static bool ForgetsItsType(string name) => name is "MultibyteIncrementalEncoder" or "MultibyteIncrementalDecoder"
        or "MultibyteStreamReader" or "MultibyteStreamWriter"
        or "_multibytecodec.MultibyteIncrementalEncoder" or "_multibytecodec.MultibyteIncrementalDecoder"
        or "_multibytecodec.MultibyteStreamReader" or "_multibytecodec.MultibyteStreamWriter";

    public void AddAll(SpecParts parts)
    {
        AddScalars(parts);
        AddContainers(parts);
        AddCallables(parts);
        AddFrames(parts);
        AddIterators();
        AddExceptions();
        AddLibrary(parts);
        AddInputOutput();
        AddItertools();
        AddAsyncio();
        AddNumpy();
    }

    /// <summary>A line of the table; <paramref name="size"/> is the C struct's, or -1 where it tells nothing.</summary>
    private TypeSpec Add(string name, int size = CPythonLayout.Absent)
    {
        var spec = new TypeSpec(size);
        _specs[name] = spec;
        return spec;
    }

    private TypeSpec AddAlso(string alias, TypeSpec spec)
    {
        _specs[alias] = spec;
        return spec;
    }

    /// <summary>A field that is visited from some 3.x on, and merely owned before.</summary>
    private TypeSpec From(int since, TypeSpec spec, params ReadOnlySpan<int> offsets) =>
        minor >= since ? spec.Visits(offsets) : spec.Owns(offsets);
}
