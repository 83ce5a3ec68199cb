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
        SuspectKind.KeptTracebacks => $"{Quantities.Count(suspect.Objects)} {suspect.Type} objects keep {Bytes(suspect)} alive, {Share(suspect)} of the heap",
        SuspectKind.HeldByCode => $"C code holds {Quantities.Count(suspect.Objects)} {Names.Printable(suspect.Type)}, which keep {Bytes(suspect)} alive, {Share(suspect)} of the heap",
        SuspectKind.Garbage => $"{Quantities.Count(suspect.Objects)} objects of {Bytes(suspect)} are garbage, {Share(suspect)} of the heap",
        SuspectKind.Waste => $"{Bytes(suspect)} could be saved, {Share(suspect)} of the heap: {Waste(suspect)}",
        _ => $"{Bytes(suspect)} of the process, {Share(suspect)} of its own memory, are no Python objects",
    };

    public static string Advice(Suspect suspect) => suspect.Kind switch
    {
        SuspectKind.BigObject => "does it need all of that? Limit it, or remove what is done with",
        SuspectKind.ManyOfAType => "see who holds them",
        SuspectKind.KeptTracebacks => "an exception that is kept keeps its frames: store its text, or clear __traceback__",
        SuspectKind.HeldByCode => "a C extension that does not give references back, or keeps them for later",
        SuspectKind.Garbage => "cycles, which wait for the collector: gc.collect() frees them; is it off, or its thresholds high?",
        SuspectKind.Waste => "see where the biggest examples stand",
        _ => "buffers of C libraries, free blocks of the allocators, thread stacks",
    };

    /// <param name="heap">As the user named it: a pid or a file.</param>
    public static string Command(string heap, Suspect suspect) => suspect.Kind switch
    {
        SuspectKind.BigObject => $"hognose tree {heap} {ObjectWords.Address(suspect.Example!.Address)}",
        SuspectKind.ManyOfAType or SuspectKind.KeptTracebacks => $"hognose why {heap} {Names.Printable(suspect.Type)}",
        SuspectKind.HeldByCode => $"hognose audit {heap}",
        SuspectKind.Garbage => $"hognose cycles {heap}",
        SuspectKind.Waste => $"hognose waste {heap}",
        _ => $"hognose heap {heap}",
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

    private static string Waste(Suspect suspect) => $"{Quantities.Count(suspect.Objects)} {Names.Printable(suspect.Type)}, {Waste(suspect.Waste!.Value)}";

    private static string Bytes(Suspect suspect) => Quantities.Bytes(suspect.Bytes);

    private static string Share(Suspect suspect) => Quantities.Percent(suspect.Share);
}
