using Hognose.CPython.Arenas;
using Hognose.CPython.Objects;
using Hognose.CPython.Tracing;
using Hognose.CPython.Types;
using Hognose.CPython.Versions;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython;

/// <summary>The readers of one version, built for one walk.</summary>
internal sealed record ReaderSet
{
    public required IPreHeader PreHeader { get; init; }

    public required DictShape Dicts { get; init; }

    /// <summary>Null where instances keep their dict at an offset of the type.</summary>
    public required ManagedDictReader? ManagedDict { get; init; }

    public required TypeNames Names { get; init; }

    public required TypeSpecs Specs { get; init; }

    public required StaticTypeStates StaticTypes { get; init; }

    /// <summary>Null where frames are objects.</summary>
    public required InterpreterFrameReader? Frames { get; init; }

    /// <summary>The state of a generator whose frame is gone (FRAME_CLEARED, from 3.11 on).</summary>
    public required sbyte ClearedGenerator { get; init; }

    public required StructSequences StructSequences { get; init; }

    public required ReferenceCounts ReferenceCounts { get; init; }

    /// <summary>Called for each object on the collector's lists, for what must be learned before anything is read; usually null.</summary>
    public required Action<ulong, PyType>? Survey { get; init; }

    /// <summary>Bytes of a pool of pymalloc.</summary>
    public required int PoolSize { get; init; }

    /// <summary>From 3.9 on instances of heap types written in C visit their type (bpo-35810, bpo-40217).</summary>
    public required bool NativeHeapTypesVisitTheirType { get; init; }
}

/// <summary>
/// The one place where a version decides anything: which class reads what. A new version that changed an algorithm gets a new class, named
/// by the first version it serves, and a line here.
/// </summary>
internal static class ReaderTable
{
    private static readonly PythonVersion V3_9 = new(3, 9, 0);
    private static readonly PythonVersion V3_10 = new(3, 10, 0);
    private static readonly PythonVersion V3_11 = new(3, 11, 0);

    // A micro release after 3.11.2 and not after 3.11.7 made the pickle module visit its memos; which one was not determined.
    private static readonly PythonVersion V3_11_3 = new(3, 11, 3);
    private static readonly PythonVersion V3_12 = new(3, 12, 0);
    private static readonly PythonVersion V3_13 = new(3, 13, 0);
    private static readonly PythonVersion V3_13_13 = new(3, 13, 13);
    private static readonly PythonVersion V3_14 = new(3, 14, 0);
    private static readonly PythonVersion V3_14_4 = new(3, 14, 4);
    private static readonly PythonVersion V3_15 = new(3, 15, 0);

    public static ReaderSet For(WalkContext context, IReadOnlyList<ulong> interpreters)
    {
        var version = context.Version;
        var dicts = Dicts(context, version);
        var frames = Frames(context, version);
        var names = new TypeNames(context, dicts);
        var statics = version >= V3_12
            ? new StaticTypeStates_3_12(context, interpreters)
            : (StaticTypeStates)new StaticTypeStates_3_8(context);
        var preHeader = PreHeader(version);
        return new ReaderSet
        {
            PreHeader = preHeader,
            Dicts = dicts,
            ManagedDict = ManagedDict(context, version, dicts),
            Names = names,
            StaticTypes = statics,
            Frames = frames,
            ClearedGenerator = ClearedGenerator(version),
            StructSequences = new StructSequences(context, names, statics),
            Specs = Specs(context, version, dicts, frames, statics, preHeader),
            ReferenceCounts = ReferenceCountsOf(version),
            Survey = dicts is DictShape_3_8 shape ? shape.Learn : null,
            PoolSize = PoolSizeOf(version),
            NativeHeapTypesVisitTheirType = version >= V3_9,
        };
    }

    /// <summary>For a few objects of a process that runs on.</summary>
    public static (DictShape Dicts, ManagedDictReader? ManagedDict, IPreHeader PreHeader) AttributeReadersOf(WalkContext context)
    {
        var dicts = Dicts(context, context.Version);
        return (dicts, ManagedDict(context, context.Version, dicts), PreHeader(context.Version));
    }

    /// <summary>Bytes of a pool of pymalloc; an arena has 64 of them, or 128 where it is a huge page.</summary>
    public static int PoolSizeOf(PythonVersion version) => version >= V3_10 ? 16 << 10 : 4 << 10;

    /// <summary>Where the table of arenas is found.</summary>
    public static ArenaPlace ArenasOf(PythonVersion version) =>
        version >= V3_13 ? ArenaPlace.BehindInterpreter : version >= V3_12 ? ArenaPlace.InInterpreter : ArenaPlace.Static;

    public static ReferenceCounts ReferenceCountsOf(PythonVersion version) =>
        version >= V3_14 ? new ReferenceCounts_3_14() : version >= V3_12 ? new ReferenceCounts_3_12() : new ReferenceCounts_3_8();

    public static TraceFileNames TraceFileNamesOf(WalkContext context) =>
        context.Version >= V3_15 ? new TraceFileNames_3_15(context) : new TraceFileNames_3_8(context);

    private static DictShape Dicts(WalkContext context, PythonVersion version) =>
        version >= V3_13 ? new DictShape_3_13(context)
        : version >= V3_11 ? new DictShape_3_11(context)
        : new DictShape_3_8(context);

    // gh-130327 changed, within 3.13 and 3.14, who reports the values of a dict made from an instance.
    private static bool DictReportsEmbeddedValues(PythonVersion version) =>
        version >= V3_14 ? version >= V3_14_4 : version >= V3_13_13;

    private static ManagedDictReader? ManagedDict(WalkContext context, PythonVersion version, DictShape dicts) =>
        version >= V3_13 ? new ManagedDictReader_3_13(context, dicts, version >= V3_14, DictReportsEmbeddedValues(version))
        : version >= V3_12 ? new ManagedDictReader_3_12(context, dicts)
        : version >= V3_11 ? new ManagedDictReader_3_11(context, dicts)
        : null;

    private static IPreHeader PreHeader(PythonVersion version) =>
        version >= V3_13 ? new PreHeader_3_13()
        : version >= V3_12 ? new PreHeader_3_12()
        : version >= V3_11 ? new PreHeader_3_11()
        : new PreHeader_3_8();

    private static InterpreterFrameReader? Frames(WalkContext context, PythonVersion version) =>
        version >= V3_14 ? new InterpreterFrameReader_3_11<TaggedWords_3_14>(context)
        : version >= V3_11 ? new InterpreterFrameReader_3_11<PlainWords>(context)
        : null;

    private static sbyte ClearedGenerator(PythonVersion version) => (sbyte)(version >= V3_15 ? 5 : 4);

    private static TypeSpecs Specs(
        WalkContext context, PythonVersion version, DictShape dicts, InterpreterFrameReader? frames, StaticTypeStates statics, IPreHeader preHeader)
    {
        var layout = context.Layout;
        var specs = new TypeSpecs(context, version.Minor);
        SizeReader dictSize = new DictSize(dicts);
        specs.AddAll(new SpecParts
        {
            Dict = new DictReader(context, dicts, DictReportsEmbeddedValues(version)),
            DictSize = dictSize,
            OrderedDictSize = new OrderedDictSize(context, dicts),
            Long = version >= V3_12 ? new LongSize_3_12(context) : version >= V3_11 ? new LongSize_3_11(context) : new LongSize_3_8(context),
            Unicode = version >= V3_12 ? new UnicodeSize_3_12(context) : new UnicodeSize_3_8(context),
            ByteArray = version >= V3_15 ? new ByteArraySize_3_15(context) : new BufferSize(layout.PyByteArrayObject.ob_alloc, 1),
            Type = new TypeObjectReader(context, dicts, statics),
            TypeSize = new TypeObjectSize(context, dicts, preHeader.CountedForStaticTypes),
            Code = version >= V3_11 ? new CodeSize_3_11(context) : new CodeSize_3_8(context),
            Frame = frames is null ? new FrameObjectReader_3_8(context) : new FrameObjectReader_3_11(context, frames),
            FrameSize = frames is null
                ? new FrameObjectSize_3_8(context)
                : new FramedSize_3_11(context, frames, layout.PyFrameObject.f_frame, isPointer: true),
            PickleMemo = version >= V3_11_3 ? EdgeKind.Ref : EdgeKind.Extra,
            GeneratorFrame = frames is null ? null : new GeneratorFrameReader_3_11(context, frames, ClearedGenerator(version), version >= V3_14 ? EdgeKind.Ref : EdgeKind.Extra),
            GeneratorSize = frames is null ? null : new FramedSize_3_11(context, frames, layout.PyGenObject.gi_iframe, isPointer: false),
        });
        return specs;
    }
}
