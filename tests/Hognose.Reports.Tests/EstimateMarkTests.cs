using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Hognose.Testing;
using Spectre.Console;

namespace Hognose.Reports.Tests;

/// <summary>What is known by an estimate only bears a mark in every table, and the tally stands below it.</summary>
public class EstimateMarkTests
{
    private const ulong Ring = 0x20;
    private const ulong Held = 0x30;

    private const string Tally = "~ an estimate. In this heap 1 C type that hognose does not know";

    /// <summary>app's namespace (0x10) → RING (0x20), of a type that nobody knows, in which a scan found an address (→ 0x30); → plain (0x40).</summary>
    private static HeldHeap Heap(bool isKnown = false)
    {
        var heap = new DrawnHeap();
        int app = heap.Add("dict", 100, 2), ring = heap.Add("acme.Ring", 4800, certainty: isKnown ? SizeCertainty.Exact : SizeCertainty.Estimate);
        int held = heap.Add("list", 9000, 0), plain = heap.Add("str", 6000, 5);
        heap.Module(app, "app");
        return heap.Edge(app, ring, ReferenceKind.Value, "RING").Edge(app, plain, ReferenceKind.Value, "plain")
            .Edge(ring, held, edge: isKnown ? EdgeKind.Ref : EdgeKind.Cons).Build();
    }

    public static TheoryData<string> Questions => ["biggest", "why", "refs", "tree"];

    [Theory, MemberData(nameof(Questions))]
    public void Marked_rows_are_explained_with_the_tally(string question)
    {
        var text = DrawnHeap.Text(console => Write(console, question, Heap()));
        Assert.Contains(Tally, text, StringComparison.Ordinal);
        var marked = text.Split('\n').Where(line => line.Contains('~', StringComparison.Ordinal) && !line.Contains("an estimate", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(marked);
        Assert.DoesNotContain(marked, line => line.Contains("plain", StringComparison.Ordinal) || line.Contains("str of", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Questions))]
    public void Where_everything_is_known_there_is_no_mark(string question) =>
        Assert.DoesNotContain('~', DrawnHeap.Text(console => Write(console, question, Heap(isKnown: true))));

    [Fact]
    public void A_reference_found_by_a_scan_is_marked_and_one_that_is_known_too_is_not()
    {
        var references = ReferencesOfObject.Of(Heap(), Ring, 5, false)!;
        Assert.True(Assert.Single(references.Referents.Shown).IsEstimate);
        Assert.False(Assert.Single(references.Referrers.Shown).IsEstimate);
        Assert.True(references.Object.IsEstimate);
        Assert.Equal(new HeapEstimates(1, 1, 4800, 1), references.Estimates);
    }

    [Theory, MemberData(nameof(Questions))]
    public void JSON_has_the_marks_and_the_tally(string question)
    {
        using var output = new StringWriter();
        WriteJson(output, question, Heap());
        var page = File.ReadAllText(Path.Combine(Repository.Root, $"docs/formats/{question}-json.md"));
        Assert.All((string[])["estimate", "estimates", "references"], name => Assert.Contains($"\"{name}\"", page, StringComparison.Ordinal));
        using var document = JsonDocument.Parse(output.ToString());
        Assert.Equal((1, 1), (document.RootElement.GetProperty("estimates").GetProperty("types").GetInt64(), document.RootElement.GetProperty("estimates").GetProperty("references").GetInt64()));
        Assert.Contains("\"estimate\": true", output.ToString(), StringComparison.Ordinal);
    }

    private static void Write(IAnsiConsole console, string question, HeldHeap heap)
    {
        var trouble = new DiagnosticBag();
        switch (question)
        {
            case "biggest": BiggestReport.Write(console, DrawnHeap.Facts, BiggestObjects.Of(heap, 3, showsKeys: false), trouble); break;
            case "why": HoldersReport.Write(console, DrawnHeap.Facts, HoldersOfType.OfObject(heap, Held, showsKeys: false)!, 12, trouble); break;
            case "refs": ReferencesReport.Write(console, "4711", DrawnHeap.Facts, ReferencesOfObject.Of(heap, Ring, 5, false)!, trouble); break;
            default: TreeReport.Write(console, "4711", DrawnHeap.Facts, RetainedTree.Of(heap, null, 3, 5, false)!, trouble); break;
        }
    }

    private static void WriteJson(TextWriter output, string question, HeldHeap heap)
    {
        var trouble = new DiagnosticBag();
        switch (question)
        {
            case "biggest": HoldingJson.Write(output, DrawnHeap.Facts, BiggestObjects.Of(heap, 3, showsKeys: false), trouble); break;
            case "why": HoldingJson.Write(output, DrawnHeap.Facts, HoldersOfType.OfObject(heap, Held, showsKeys: false)!, trouble); break;
            case "refs": ReferencesJson.Write(output, DrawnHeap.Facts, ReferencesOfObject.Of(heap, Ring, 5, false)!, trouble); break;
            default: TreeJson.Write(output, DrawnHeap.Facts, RetainedTree.Of(heap, null, 3, 5, false)!, trouble); break;
        }
    }
}
