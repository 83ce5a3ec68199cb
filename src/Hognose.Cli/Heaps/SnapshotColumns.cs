using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Heaps;

namespace Hognose.Cli.Heaps;

/// <summary>Between a heap and the columns of its file: numbers keep their meaning, enumerations are told by number.</summary>
internal static class SnapshotColumns
{
    public static HeapFile Of(HeapGraph graph, StoredNames names, SnapshotState state, int[] roots, HeapFileFacts facts, DiagnosticBag trouble, Redaction redaction) => new()
    {
        Facts = facts,
        Types = [.. graph.Types.All.Select(type => new HeapFileType(
            type.Module, type.Name, type.Address, CertaintyOf(type), type.Node))],
        Addresses = graph.Addresses,
        TypeIds = graph.TypeIds,
        Sizes = graph.Sizes,
        Flags = (byte[])(object)graph.Flags, // The same bytes: an array of an enumeration is one of its numbers.
        Surplus = graph.Surplus,
        Lengths = names.Lengths,
        EdgeStarts = graph.EdgeStarts,
        Edges = graph.Edges,
        EdgeNames = names.EdgeNames,
        Names = [.. names.Names.Select(name => new HeapFileName((byte)name.Kind, redaction.Of(name.Text)))],
        Roots = roots,
        HeldByFrames = graph.HeldByFrames,
        Holders = [.. state.Modules.Select(each => new HeapFileHolder(
            each.Node, (byte)each.Kind, each.Name, each.Kind == HolderKind.Module ? each.Interpreter : each.Thread, each.Function, each.File))],
        OwnNames = redaction.IsOn ? OwnNamesOf(graph, names, redaction) : names.OwnNames,
        FreeVariables = redaction.IsOn
            ? names.FreeVariables.ToDictionary(each => each.Key, each => (IReadOnlyList<string>)[.. each.Value.Select(redaction.Of)])
            : names.FreeVariables,
        Values = names.Values,
        WeakTargets = names.WeakTargets,
        Suspended = names.Suspended.ToDictionary(each => each.Key, each => new HeapFilePlace(each.Value.File, each.Value.Line)),
        EqualBefore = graph.EqualBefore,
        Unused = graph.UnusedBytes,
        Threads = [.. state.Threads.Select(thread => SnapshotState.Of(thread, redaction))],
        Collectors = [.. state.Collectors.Select(SnapshotState.Of)],
        Resident = state.Resident is { } resident ? SnapshotResident.Of(resident.Memory, resident.Account) : null,
        Trouble = trouble.Tally,
    };

    private static byte CertaintyOf(HeapType type) => (byte)(
        (byte)type.Size | (type.HasOldFinalizer ? HeapFileType.OldFinalizer : 0) | (type.IsVariableSize ? HeapFileType.VariableSize : 0));

    /// <summary>Names of modules, classes and functions stay: without them no report says anything. A task's is the program's.</summary>
    private static Dictionary<int, string> OwnNamesOf(HeapGraph graph, StoredNames names, Redaction redaction) =>
        names.OwnNames.ToDictionary(each => each.Key, each => graph.TypeOf(new NodeId(each.Key)).Name == "Task" ? redaction.Of(each.Value) : each.Value);

    public static HeapGraph GraphOf(HeapFile file)
    {
        var flags = (NodeFlags[])(object)file.Flags;
        return new HeapGraph
        {
            Addresses = file.Addresses,
            TypeIds = file.TypeIds,
            Sizes = file.Sizes,
            Flags = flags,
            Surplus = file.Surplus,
            HeldByFrames = file.HeldByFrames,
            EqualBefore = file.EqualBefore,
            UnusedBytes = file.Unused,
            EdgeStarts = file.EdgeStarts,
            Edges = file.Edges,
            Types = new TypeTable([.. file.Types.Select(type => new HeapType(
                type.Module, type.Name, type.Address, (SizeCertainty)(type.Certainty & ~(HeapFileType.OldFinalizer | HeapFileType.VariableSize)), type.Node)
                {
                    HasOldFinalizer = (type.Certainty & HeapFileType.OldFinalizer) != 0,
                    IsVariableSize = (type.Certainty & HeapFileType.VariableSize) != 0,
                })]),
            Roots = RootsOf(flags),
        };
    }

    private static int[] RootsOf(NodeFlags[] flags)
    {
        var roots = new List<int>();
        for (var node = 0; node < flags.Length; node++)
            if ((flags[node] & NodeFlags.Root) != 0)
                roots.Add(node);
        return [.. roots];
    }

    public static StoredNames NamesOf(HeapFile file, HeapGraph graph) => new(graph)
    {
        EdgeNames = file.EdgeNames,
        Names = [.. file.Names.Select(name => new ReferenceName((ReferenceKind)name.Kind, name.Text))],
        Lengths = file.Lengths,
        OwnNames = file.OwnNames,
        FreeVariables = file.FreeVariables,
        Values = file.Values,
        WeakTargets = file.WeakTargets,
        Suspended = file.Suspended.ToDictionary(each => each.Key, each => new Place(each.Value.File, each.Value.Line)),
    };

    /// <summary>Modules, then variables of running functions; a file that has no threads names these among the holders.</summary>
    public static IEnumerable<Holder> HoldersOf(HeapFile file, IReadOnlyList<RunningThread> threads) =>
        file.Holders.Select(each => (HolderKind)each.Kind == HolderKind.Module
                ? new Holder(each.Node, HolderKind.Module, each.Name) { Interpreter = each.Thread }
                : new Holder(each.Node, (HolderKind)each.Kind, each.Name, each.Thread, each.Function, each.File))
            .Concat(threads.SelectMany(thread => thread.Holders()));

    public static HeapFileFacts FactsOf(
        HeapFacts facts, string toolVersion, DateTimeOffset takenAt, bool hasContents, IReadOnlyList<RunningThread> threads, Redaction redaction) => new()
    {
        ToolVersion = toolVersion,
        TakenAt = takenAt,
        ProcessId = facts.ProcessId,
        ProgramName = redaction.OfProgram(facts.ProgramName, threads),
        PythonVersion = facts.PythonVersion,
        LayoutVersion = facts.LayoutVersion,
        Interpreters = facts.Interpreters,
        Threads = facts.Threads,
        PauseNanoseconds = (long)facts.Pause.TotalNanoseconds,
        Stops = facts.Stops,
        WasCollecting = facts.WasCollecting,
        CopiedBytes = facts.CopiedBytes,
        Resident = facts.Memory.Resident,
        PeakResident = facts.Memory.PeakResident,
        Anonymous = facts.Memory.Anonymous,
        Files = facts.Memory.Files,
        Shared = facts.Memory.Shared,
        Swapped = facts.Memory.Swapped,
        ElapsedNanoseconds = (long)facts.Elapsed.TotalNanoseconds,
        HasContents = hasContents,
        IsRedacted = redaction.IsOn,
        IsApproximate = facts.IsApproximate,
        IsOfCore = facts.Core is not null,
        CoreSignal = facts.Core?.Signal ?? 0,
        CorePath = facts.Core?.Path ?? "",
        CommandLine = redaction.Of(facts.Core?.CommandLine ?? ""),
    };

    public static HeapFacts FactsOf(HeapFileFacts facts, string path) => new(
        facts.ProcessId,
        facts.ProgramName,
        facts.PythonVersion,
        facts.LayoutVersion,
        facts.Interpreters,
        facts.Threads,
        TimeSpan.FromMicroseconds(facts.PauseNanoseconds / 1000.0),
        facts.Stops,
        facts.WasCollecting,
        facts.CopiedBytes,
        new ProcessMemory(facts.Resident, facts.PeakResident, facts.Anonymous, facts.Files, facts.Shared, facts.Swapped),
        TimeSpan.FromMicroseconds(facts.ElapsedNanoseconds / 1000.0))
    {
        IsApproximate = facts.IsApproximate,
        Snapshot = new SnapshotFacts(path, facts.TakenAt, facts.HasContents),
        Core = facts.IsOfCore ? new CoreFacts(facts.CorePath, facts.CoreSignal, facts.CommandLine) : null,
    };
}
