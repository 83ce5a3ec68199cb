using Hognose.CPython.Arenas;
using Hognose.CPython.Collector;
using Hognose.CPython.Layouts;
using Hognose.CPython.Naming;
using Hognose.CPython.Objects;
using Hognose.CPython.Types;
using Hognose.CPython.Versions;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Walk;

/// <summary>
/// From bytes to a graph: the collector's lists, then pymalloc's pools, then what only references lead to; every object numbered by
/// address; then sizes and edges, on as many threads as there are processors.
/// </summary>
public static class HeapWalk
{
    /// <param name="memory">The frozen target.</param>
    /// <param name="regions">Its mappings at that instant.</param>
    /// <param name="runtime">The address of <c>_PyRuntime</c>.</param>
    /// <param name="layout">Of the target's version.</param>
    /// <param name="version">The target's own, which decides the readers.</param>
    /// <param name="limits">Bounds on what is believed.</param>
    /// <param name="diagnostics">Receives what could not be read (HG01xx).</param>
    /// <param name="progress">Told each stage as it begins; may be null.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="CannotContinueException">More objects than ids, or no address space for the marks.</exception>
    public static HeapGraph Run(
        FrozenMemory memory,
        IReadOnlyList<MemoryRegion> regions,
        TargetAddress runtime,
        CPythonLayout layout,
        PythonVersion version,
        Limits limits,
        DiagnosticBag diagnostics,
        IProgress<HeapWalkStage>? progress,
        CancellationToken cancellation) =>
        RunWithStatistics(memory, regions, runtime, layout, version, limits, diagnostics, progress, cancellation).Graph;

    /// <summary>The graph, and what the walk learned of the allocator on the way.</summary>
    public static HeapWalkResult RunWithStatistics(
        FrozenMemory memory,
        IReadOnlyList<MemoryRegion> regions,
        TargetAddress runtime,
        CPythonLayout layout,
        PythonVersion version,
        Limits limits,
        DiagnosticBag diagnostics,
        IProgress<HeapWalkStage>? progress,
        CancellationToken cancellation)
    {
        var context = new WalkContext(memory, regions, layout, version, limits, diagnostics);
        var states = new InterpreterStates(context, runtime);
        var readers = ReaderTable.For(context, states.Interpreters);
        using var starts = new ObjectStarts(context.WritableSpans);
        var catalog = new TypeCatalog(context, readers.PreHeader);

        progress?.Report(HeapWalkStage.Lists);
        var tracked = new TrackedObjects(context, catalog, starts) { Look = readers.Survey };
        var generations = tracked.WalkAll(GenerationHeads.Of(context, states), cancellation);
        catalog.Resolve = new TypeResolver(context, catalog, readers, tracked.SubtypeTraverse).Resolve;
        catalog.ResolveAll();

        progress?.Report(HeapWalkStage.Pools);
        var pools = new PoolScan(context, catalog, starts, readers);
        pools.Scan(cancellation);

        progress?.Report(HeapWalkStage.References);
        using var rootEdges = new EdgeBuffer();
        using (var closure = new Closure(context, catalog, starts, readers.ReferenceCounts, pools.Spans))
        {
            new Roots(context, readers, states).Read(rootEdges);
            closure.Complete(starts.Number(), rootEdges.Items, cancellation);
        }

        progress?.Report(HeapWalkStage.Graph);
        var addresses = starts.Number();
        if (addresses.Length > Math.Min(limits.Objects, HeapGraph.MaxNodes))
            throw new CannotContinueException($"the heap has {addresses.Length:N0} objects, more than fit", "raise the limit on objects");
        var columns = new GraphColumns(context, catalog, starts, readers) { Addresses = addresses };
        columns.Fill(pools.Spans, cancellation);
        // What the walk needed lies about in chunks of megabytes: the names, which come next, get that memory and not new one.
        GC.Collect();
        foreach (var address in tracked.Frozen)
            if (starts.IdOf(address) is var node and >= 0)
                columns.Flags[node] |= NodeFlags.Frozen;
        var graph = new HeapGraph
        {
            Addresses = addresses,
            TypeIds = columns.TypeIds,
            Sizes = columns.Sizes,
            Flags = columns.Flags,
            EdgeStarts = columns.EdgeStarts,
            Edges = columns.Edges,
            Types = NameTypes(context, catalog, starts, readers.Names),
            Roots = FlagRoots(rootEdges.Items, starts, columns.Flags),
        };
        var names = new ReferenceNames(context, readers, catalog, graph);
        var entries = new DictEntries(context, readers.Dicts);
        var modules = new ModuleHolders(context, entries, states, IdOf);
        var threads = new ThreadNames(context, entries, names).Read(modules.NamespaceOf("threading"));
        return new HeapWalkResult(graph, tracked.Count, pools.Pools, pools.UsedBlocks, pools.UsedBytes, pools.Objects, OwnedByFrames(rootEdges.Items, starts))
        {
            Contents = new ContentColumns(context, readers, catalog, graph),
            Names = names,
            Modules = [.. modules.Read()],
            Threads = new RunningStacks(context, readers, states, IdOf).Read(threads),
            TrackedByGeneration = generations,
        };

        int IdOf(ulong address) => graph.TryFind(address, out var node) ? node.Value : -1;
    }

    private static TypeTable NameTypes(WalkContext context, TypeCatalog catalog, ObjectStarts starts, TypeNames names)
    {
        var types = new HeapType[catalog.Types.Count];
        for (var i = 0; i < types.Length; i++)
        {
            var type = catalog[i];
            var (module, name) = names.Of(type);
            types[i] = new HeapType(module, name, type.Address, type.Certainty, starts.IdOf(type.Address))
            {
                HasOldFinalizer = context.Memory.U64(type.Address + (ulong)context.Layout.PyTypeObject.tp_del) != 0,
                IsVariableSize = type.ItemSize != 0,
            };
        }
        return new TypeTable(types);
    }

    // What the runtime's structs point at is a guess by words; what frames own is known.
    private static List<int> OwnedByFrames(ReadOnlySpan<ulong> words, ObjectStarts starts)
    {
        var owned = new List<int>();
        foreach (var word in words)
            if (EdgeBuffer.KindOf(word) != EdgeKind.Cons && starts.IdOf(EdgeBuffer.AddressOf(word)) is var node and >= 0)
                owned.Add(node);
        return owned;
    }

    private static int[] FlagRoots(ReadOnlySpan<ulong> words, ObjectStarts starts, NodeFlags[] flags)
    {
        foreach (var word in words)
            if (starts.IdOf(EdgeBuffer.AddressOf(word)) is var node and >= 0)
                flags[node] |= NodeFlags.Root;
        var roots = new List<int>();
        for (var node = 0; node < flags.Length; node++)
            if ((flags[node] & NodeFlags.Root) != 0)
                roots.Add(node);
        return [.. roots];
    }
}
