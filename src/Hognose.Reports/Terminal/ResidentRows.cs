using Hognose.Heap.Resident;
using Hognose.Insights.Resident;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Rows of share, bytes, count and what it is. Fits 80 columns.</summary>
internal sealed class ResidentRows(IAnsiConsole console)
{
    private const int Indent = 2;
    private const int ShareWidth = 7;
    private const int BytesWidth = 12;
    private const int CountWidth = 13;

    private static readonly (ResidentKind Kind, string Words)[] Kinds =
    [
        (ResidentKind.Objects, "objects"),
        (ResidentKind.Buffers, "tables, items and buffers that objects own"),
        (ResidentKind.Interpreter, "the interpreter's own, free lists included"),
        (ResidentKind.FreeBlocks, "free blocks in pymalloc's pools"),
        (ResidentKind.FreePools, "free pools in pymalloc's arenas"),
        (ResidentKind.PoolHeaders, "headers and ends of pools"),
        (ResidentKind.FreeChunks, "free in malloc's heap"),
        (ResidentKind.CachedChunks, "free, in malloc's caches"),
        (ResidentKind.Top, "free, at the end of malloc's heaps"),
        (ResidentKind.MallocHeads, "malloc's own"),
        (ResidentKind.Library, "blocks of C libraries"),
        (ResidentKind.Thread, "blocks that only a thread's stack leads to"),
        (ResidentKind.Unheld, "blocks in use that nothing leads to"),
        (ResidentKind.Other, "taken from the kernel by C code itself"),
        (ResidentKind.Stacks, "stacks of threads"),
        (ResidentKind.Code, "executables and libraries, as in their files"),
        (ResidentKind.Variables, "variables of executables and libraries"),
        (ResidentKind.Files, "other files"),
        (ResidentKind.Shared, "shared memory"),
        (ResidentKind.SharedOfObjects, "shared memory and files that objects map"),
        (ResidentKind.Kernel, "the kernel's pages"),
    ];

    /// <summary>Objects are told with what they own.</summary>
    public static string WordsOf(ResidentKind kind) => kind == ResidentKind.Objects ? "objects and what they own" : Kinds.First(each => each.Kind == kind).Words;

    public void WriteKinds(ResidentAnswer answer)
    {
        Head("What takes it", "the sum is what the kernel counts");
        var rows = Kinds.Select(kind => (kind.Words, Bytes: answer.Memory.Of(kind.Kind), Count: CountOf(answer.Memory, kind.Kind)))
            .Where(row => row.Bytes > 0).OrderByDescending(row => row.Bytes);
        foreach (var row in rows)
            Row(answer, row.Bytes, row.Count, row.Words);
    }

    public void WriteParts(ResidentAnswer answer, string heading, string remark, ResidentKind[] kinds, int most)
    {
        var all = answer.Memory.Parts.Where(part => kinds.Contains(part.Kind) && part.Bytes > 0)
            .GroupBy(part => part.Name, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Bytes: group.Sum(part => part.Bytes), Count: group.Where(part => part.Kind == kinds[0]).Sum(part => part.Count),
                Beside: group.Where(part => part.Kind is ResidentKind.Buffers or ResidentKind.SharedOfObjects).Sum(part => part.Bytes)))
            .OrderByDescending(row => row.Bytes).ThenBy(row => row.Name, StringComparer.Ordinal).ToList();
        if (all.Count == 0)
            return;
        console.WriteLine();
        var shown = all.Take(most).ToList();
        var extent = shown.Count == all.Count ? $"all {Quantities.Count(all.Count)}" : $"{Quantities.Count(shown.Count)} of {Quantities.Count(all.Count)}";
        Head(heading, remark.Length == 0 ? extent : $"{remark}, {extent}");
        foreach (var row in shown)
            Row(answer, row.Bytes, row.Count, row.Beside > 0 ? $"{row.Name}  {Quantities.Bytes(row.Beside)} beside them" : row.Name);
    }

    private static long CountOf(ResidentMemory memory, ResidentKind kind) => memory.Parts.Where(part => part.Kind == kind).Sum(part => part.Count);

    private void Head(string heading, string remark)
    {
        console.Write(new StyledLine().Spaces(Indent).Add(heading, Palette.Heading).Spaces(2).Add(remark, Palette.Dim));
        console.Write(new StyledLine().Spaces(Indent).Right("share", ShareWidth, Palette.Dim).Right("bytes", BytesWidth, Palette.Dim)
            .Right("pieces", CountWidth, Palette.Dim));
    }

    private void Row(ResidentAnswer answer, long bytes, long count, string what)
    {
        var line = new StyledLine().Spaces(Indent)
            .Right(Quantities.Percent(answer.ShareOf(bytes)), ShareWidth)
            .Right(Quantities.Bytes(bytes), BytesWidth, Palette.Figure)
            .Right(Quantities.Count(count), CountWidth)
            .Spaces(2);
        console.Write(line.Add(Names.CutMiddle(Names.Printable(what), Math.Max(10, console.Profile.Width - line.Cells), Glyphs.For(console))));
    }
}
