using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>What was kept, and where.</summary>
public static class SnapshotReport
{
    private const int Indent = 2;

    /// <param name="console">Written to.</param>
    /// <param name="facts">Of the process.</param>
    /// <param name="path">Of the file.</param>
    /// <param name="length">Bytes of the file; 0 where that can't be told (a pipe).</param>
    /// <param name="heap">The file's contents.</param>
    /// <param name="trouble">What could not be read.</param>
    public static void Write(IAnsiConsole console, HeapFacts facts, string path, long length, HeapFile heap, DiagnosticBag trouble)
    {
        var objects = (long)heap.Addresses.Length;
        var glyphs = Glyphs.For(console);
        var each = length == 0 || objects == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {Quantities.Bytes(length)}, {(double)length / objects:0.0} bytes an object");
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent)
            .Add(glyphs.Own(Names.Printable(path)), Palette.Figure).Add($"  {Quantities.Count(objects, "object")}{each}"));
        if (heap.Births is { } births)
            console.Write(new StyledLine().Spaces(Indent).Add($"It knows of {Quantities.Count(births.StackOfNode.LongCount(stack => stack >= 0), "object")} where they were allocated, and when: the program is being recorded"
                + (births.SampleBytes > 0 ? $", one in {Quantities.Bytes(births.SampleBytes)} allocated" : "")));
        ProcessLines.Write(console, facts);
        TroubleLines.Write(console, facts, trouble);
        console.WriteLine();
        NextStep.Write(console, $"hognose biggest {path}", "what keeps the most alive, and who holds it");
        if (heap.Births is not null)
            NextStep.Write(console, $"hognose heap {path} --by site", "what each line allocated, by type");
        NextStep.Write(console, $"hognose cycles {path}", "what a collection would free");
    }
}
