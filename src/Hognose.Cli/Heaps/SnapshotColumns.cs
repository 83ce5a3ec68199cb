using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Heaps;

namespace Hognose.Cli.Heaps;

/// <summary>Between a heap and the columns of its file: numbers keep their meaning, enumerations are told by number.</summary>
internal static class SnapshotColumns
{
    public static HeapFile Of(HeapGraph graph, StoredNames names, IReadOnlyList<Holder> holders, int[] roots, HeapFileFacts facts, DiagnosticBag trouble) => new()
    {
        Facts = facts,
        Types = [.. graph.Types.All.Select(type => new HeapFileType(type.Module, type.Name, type.Address, (byte)type.Size, type.Node))],
        Addresses = graph.Addresses,
        TypeIds = graph.TypeIds,
        Sizes = graph.Sizes,
        Flags = [.. graph.Flags.Select(flags => (byte)flags)],
        Surplus = graph.Surplus,
        Lengths = names.Lengths,
        EdgeStarts = graph.EdgeStarts,
        Edges = graph.Edges,
        EdgeNames = names.EdgeNames,
        Names = [.. names.Names.Select(name => new HeapFileName((byte)name.Kind, name.Text))],
        Roots = roots,
        HeldByFrames = graph.HeldByFrames,
        Holders = [.. holders.Select(each => new HeapFileHolder(each.Node, (byte)each.Kind, each.Name, each.Thread, each.Function, each.File))],
        OwnNames = names.OwnNames,
        FreeVariables = names.FreeVariables,
        Trouble = trouble.Tally,
    };

    public static HeapGraph GraphOf(HeapFile file)
    {
        var flags = Array.ConvertAll(file.Flags, each => (NodeFlags)each);
        return new HeapGraph
        {
            Addresses = file.Addresses,
            TypeIds = file.TypeIds,
            Sizes = file.Sizes,
            Flags = flags,
            Surplus = file.Surplus,
            HeldByFrames = file.HeldByFrames,
            EdgeStarts = file.EdgeStarts,
            Edges = file.Edges,
            Types = new TypeTable([.. file.Types.Select(type => new HeapType(type.Module, type.Name, type.Address, (SizeCertainty)type.Certainty, type.Node))]),
            Roots = [.. Enumerable.Range(0, flags.Length).Where(node => (flags[node] & NodeFlags.Root) != 0)],
        };
    }

    public static StoredNames NamesOf(HeapFile file, HeapGraph graph) => new(graph)
    {
        EdgeNames = file.EdgeNames,
        Names = [.. file.Names.Select(name => new ReferenceName((ReferenceKind)name.Kind, name.Text))],
        Lengths = file.Lengths,
        OwnNames = file.OwnNames,
        FreeVariables = file.FreeVariables,
    };

    public static IEnumerable<Holder> HoldersOf(HeapFile file) =>
        file.Holders.Select(each => new Holder(each.Node, (HolderKind)each.Kind, each.Name, each.Thread, each.Function, each.File));

    public static HeapFileFacts FactsOf(HeapFacts facts, string toolVersion, DateTimeOffset takenAt, bool hasContents) => new()
    {
        ToolVersion = toolVersion,
        TakenAt = takenAt,
        ProcessId = facts.ProcessId,
        ProgramName = facts.ProgramName,
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
        Snapshot = new SnapshotFacts(path, facts.TakenAt),
    };
}
