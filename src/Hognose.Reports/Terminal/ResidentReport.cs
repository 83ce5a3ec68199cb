using Hognose.Diagnostics;
using Hognose.Heap.Resident;
using Hognose.Insights.Heaps;
using Hognose.Insights.Resident;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Every resident byte: the verdict, what takes the memory, types, allocators, what pins arenas, mappings.</summary>
public static class ResidentReport
{
    private const int Indent = 2;

    private const string OfCore =
        "These are the bytes that the core holds of each mapping. It does not tell which of them were in memory, which were swapped out or shared with other "
        + "processes, nor how much of its files the process had in memory. Memory that was never touched counts where a copy of a core has it as zeros; in gcore's, pages of zeros do not count.";

    /// <param name="top">Rows of a table at most.</param>
    public static void Write(IAnsiConsole console, HeapFacts facts, ResidentAnswer answer, int top, DiagnosticBag trouble)
    {
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent)
            .Add($"{Quantities.Bytes(answer.Memory.Resident)} {(facts.Core is null ? "resident" : "dumped")}", Palette.Figure)
            .Add($", {Quantities.Percent(answer.ShareOf(answer.Explained))} explained"));
        ProcessLines.Write(console, facts);
        console.WriteLine();
        WriteText(console, VerdictWords.Sentence(answer), Palette.OwnCode);
        WriteText(console, VerdictWords.Remedy(answer), null);
        console.WriteLine();
        var rows = new ResidentRows(console);
        rows.WriteKinds(answer);
        rows.WriteParts(answer, "Objects and what they own", "by type", [ResidentKind.Objects, ResidentKind.Buffers, ResidentKind.SharedOfObjects], top);
        rows.WriteParts(answer, "Memory of C code", "by the library whose variables lead to it", [ResidentKind.Library], top);
        AllocatorLines.Write(console, answer);
        PinnedLines.Write(console, answer.Pinned, top);
        rows.WriteParts(answer, "Libraries and files", "", [ResidentKind.Code, ResidentKind.Variables, ResidentKind.Files, ResidentKind.Shared], top);
        if (answer.SharedAfterFork > 0)
        {
            console.WriteLine();
            WriteText(console, $"{Quantities.Bytes(answer.SharedAfterFork)} of it is shared with a parent or child since a fork: it exists once.", null);
        }
        if (facts.Core is not null)
        {
            console.WriteLine();
            WriteText(console, OfCore, null);
        }
        TroubleLines.Write(console, facts, trouble);
        WriteNextSteps(console, facts, answer.Verdict);
    }

    internal static void WriteText(IAnsiConsole console, string text, Style? style)
    {
        var glyphs = Glyphs.For(console);
        if (text.Length > 0)
            foreach (var line in Names.Wrap(glyphs.Own(Names.Printable(text)), console.Profile.Width - Indent))
                console.Write(new StyledLine().Spaces(Indent).Add(line, style));
    }

    private static void WriteNextSteps(IAnsiConsole console, HeapFacts facts, Verdict verdict)
    {
        var id = facts.Subject;
        console.WriteLine();
        if (verdict.Kind is VerdictKind.Garbage or VerdictKind.FrozenGarbage)
            NextStep.Write(console, $"hognose cycles {id}", "the garbage, cycle by cycle, and what the collector says of itself");
        if (verdict.Kind == VerdictKind.HeldTogether)
            NextStep.Write(console, $"hognose why {id} {verdict.Who}", "who holds them");
        if (verdict.Kind is VerdictKind.Owned or VerdictKind.HeldByCalls)
            NextStep.Write(console, $"hognose why {id} {verdict.Type}", "who holds them");
        if (verdict.Kind == VerdictKind.Native || verdict is { Kind: VerdictKind.Owned, IsMapped: false })
            NextStep.WriteRecording(console, facts, new ShellOptions(" --native-allocations"), "who allocates, in C, too");
        NextStep.Write(console, $"hognose biggest {id}", "what keeps the most alive, and who holds it");
        NextStep.Write(console, $"hognose heap {id}", "what the heap is made of");
    }
}
