using Hognose.Insights.Waste;
using Hognose.Reports.Terminal;

namespace Hognose.Reports;

/// <summary>A likely cause in a sentence, what to do about it, and the command that shows more.</summary>
internal static class SuspectWords
{
    public static string Claim(Suspect suspect) => suspect.Kind switch
    {
        SuspectKind.BigObject => $"One {ObjectWords.Of(suspect.Example!)} keeps {Bytes(suspect)} alive, {Share(suspect)} of the heap",
        SuspectKind.ManyOfAType => $"{Quantities.Count(suspect.Objects)} objects of {Names.Printable(suspect.Type)} keep {Bytes(suspect)} alive, {Share(suspect)} of the heap",
        SuspectKind.SuspendedFunctions => $"{Quantities.Count(suspect.Objects)} {suspect.Type} objects{Functions(suspect)} keep {Bytes(suspect)} alive, {Share(suspect)} of the heap",
        SuspectKind.KeptTracebacks or SuspectKind.KeptFrames => $"{Quantities.Count(suspect.Objects, suspect.Type + " object")} {(suspect.Objects == 1 ? "keeps" : "keep")} {Bytes(suspect)} alive, {Share(suspect)} of the heap",
        SuspectKind.RunningCalls => $"Variables of {Quantities.Count(suspect.Objects)} calls of {Names.Printable(suspect.Function)}() under way keep {Bytes(suspect)} alive, {Share(suspect)} of the heap",
        SuspectKind.OwnedMemory => $"{Quantities.Count(suspect.Objects)} {Names.Printable(suspect.Type)} {Plural(suspect, suspect.IsMapped ? "map" : "own")} {Bytes(suspect)} {(suspect.IsMapped ? "of memory" : suspect.Objects == 1 ? "beyond its own size" : "beyond their own sizes")}, {Share(suspect)} of the process's own memory",
        SuspectKind.SharedMemory => $"{Bytes(suspect)} of shared memory, {Share(suspect)} of the process's own memory, are mapped, and no object leads to them",
        SuspectKind.HeldByCode => $"C code holds {Quantities.Count(suspect.Objects)} {Names.Printable(suspect.Type)}, which keep {Bytes(suspect)} alive, {Share(suspect)} of the heap",
        SuspectKind.Garbage => $"{Quantities.Count(suspect.Objects, "object")} of {Bytes(suspect)} {(suspect.Objects == 1 ? "is" : "are")} garbage, {Share(suspect)} of the heap",
        SuspectKind.FrozenGarbage => $"{Quantities.Count(suspect.Objects, "object")} of {Bytes(suspect)} {(suspect.Objects == 1 ? "is" : "are")} unreachable, but frozen by gc.freeze(), {Share(suspect)} of the heap",
        SuspectKind.UncollectableGarbage => $"{Quantities.Count(suspect.Objects, "object")} of {Bytes(suspect)} {(suspect.Objects == 1 ? "is" : "are")} garbage that collections leave, {Share(suspect)} of the heap",
        SuspectKind.Waste => $"{Bytes(suspect)} could be saved, {Share(suspect)} of the heap: {Waste(suspect)}",
        _ => $"{Bytes(suspect)} of the process, {Share(suspect)} of its own memory, are no Python objects",
    };

    public static string Advice(Suspect suspect) => suspect.Kind switch
    {
        SuspectKind.BigObject => "does it need all of that? Limit it, or remove what is done with",
        SuspectKind.ManyOfAType => "see who holds them",
        SuspectKind.KeptTracebacks => "an exception that is kept keeps its frames: store its text, or clear __traceback__",
        SuspectKind.KeptFrames => "a frame that is kept keeps the variables of its function: let go of it",
        SuspectKind.SuspendedFunctions when suspect.Type == "generator" => "a generator that waits keeps its variables: run it to its end, or close() it",
        SuspectKind.SuspendedFunctions => "what waits keeps its variables: see what it waits for, and bound how many run at a time",
        SuspectKind.RunningCalls => "what a call keeps in variables lives until it ends: bound how many run at a time, or how deep they call themselves",
        SuspectKind.OwnedMemory when suspect.IsMapped => "it goes back to the kernel when they are closed or let go of, and no other process has it",
        SuspectKind.OwnedMemory => "C code allocated it, and frees it with the objects: close them, let go of them, or bound what they keep",
        SuspectKind.SharedMemory => "it goes back to the kernel when no process has it mapped and its name is unlinked",
        SuspectKind.HeldByCode => "a C extension that does not give references back, or keeps them for later",
        SuspectKind.Garbage => "cycles, which wait for the collector: gc.collect() frees them; is it off, or its thresholds high?",
        SuspectKind.FrozenGarbage => "gc.unfreeze() and then gc.collect() would free them: collect before you freeze",
        SuspectKind.UncollectableGarbage => "a finalizer of the old kind (tp_del) keeps the collector from them",
        SuspectKind.Waste => "see where examples stand",
        _ => "buffers of C libraries, free blocks of the allocators, thread stacks; --native-allocations of run and attach records who allocates in C",
    };

    /// <param name="heap">As the user named it: a pid or a file.</param>
    public static string Command(string heap, Suspect suspect) => suspect.Kind switch
    {
        SuspectKind.BigObject => ShellCommand.Text($"hognose tree {heap} {ObjectWords.Address(suspect.Example!.Address)}"),
        SuspectKind.ManyOfAType or SuspectKind.RunningCalls or SuspectKind.OwnedMemory or SuspectKind.KeptTracebacks or SuspectKind.KeptFrames or SuspectKind.SuspendedFunctions => ShellCommand.Text($"hognose why {heap} {suspect.Type}"),
        SuspectKind.HeldByCode => ShellCommand.Text($"hognose audit {heap}"),
        SuspectKind.Garbage or SuspectKind.FrozenGarbage or SuspectKind.UncollectableGarbage => ShellCommand.Text($"hognose cycles {heap}"),
        SuspectKind.Waste => ShellCommand.Text($"hognose waste {heap}"),
        _ => ShellCommand.Text($"hognose rss {heap}"),
    };

    public static string Waste(WasteKind kind) => kind switch
    {
        WasteKind.EqualContents => "equal contents kept several times",
        WasteKind.SpareStorage => "storage far larger than its items need",
        WasteKind.InstanceDicts => "dicts of instances that could be slots",
        WasteKind.NumberObjects => "numbers that could be an array",
        WasteKind.PinnedBuffers => "buffers of which a view shows a small part",
        _ => "containers without items",
    };

    private static string Plural(Suspect suspect, string verb) => suspect.Objects == 1 ? verb + "s" : verb;

    private static string Functions(Suspect suspect) => suspect.Function.Length == 0 ? ""
        : suspect.AreAllOfFunction ? $" of {Names.Printable(suspect.Function)}()"
        : $", most often of {Names.Printable(suspect.Function)}(),";

    private static string Waste(Suspect suspect) => $"{Quantities.Count(suspect.Objects)} {Names.Printable(suspect.Type)}, {Waste(suspect.Waste!.Value)}";

    private static string Bytes(Suspect suspect) => Quantities.Bytes(suspect.Bytes);

    private static string Share(Suspect suspect) => Quantities.Percent(suspect.Share);
}
