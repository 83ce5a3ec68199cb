using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;

namespace Hognose.Reports.Json;

/// <summary>What <c>tree --json</c> prints; docs/formats/tree-json.md explains each name.</summary>
public sealed record TreeDocument(
    int Schema, HeapProcessDocument Process, PauseDocument Pause, long HeldBytes, TreeNodeDocument Top, EstimatesDocument Estimates, IReadOnlyList<TroubleDocument> Trouble);

/// <param name="Object">Null for the whole heap.</param>
/// <param name="Reference">Null where several ways lead to it.</param>
public sealed record TreeNodeDocument(
    ObjectDocument? Object, string? Reference, long RetainedBytes, double Share, IReadOnlyList<TreeNodeDocument> Parts, long OtherObjects, long OtherBytes,
    IReadOnlyList<OtherPartsDocument> OtherTypes, bool Estimate);

/// <summary>Parts of one type that are not listed one by one.</summary>
public sealed record OtherPartsDocument(string Type, long Objects, long RetainedBytes);

/// <summary>The tree of what retains what as JSON.</summary>
public static class TreeJson
{
    public static void Write(TextWriter output, HeapFacts facts, RetainedTree tree, DiagnosticBag trouble) => QuestionJson.Write(
        output,
        new TreeDocument(
            QuestionJson.Schema, HeapJson.ProcessOf(facts), HeapJson.PauseOf(facts), tree.HeldBytes, NodeOf(tree, tree.Top), QuestionJson.EstimatesOf(tree.Estimates), HeapJson.TroubleOf(trouble)),
        HeapJson.Context.TreeDocument);

    private static TreeNodeDocument NodeOf(RetainedTree tree, RetainedPart node) => new(
        node.Object is { } seen ? QuestionJson.Object(seen) : null,
        node.Reference.Length == 0 ? null : node.Reference,
        node.Retained,
        QuestionJson.Share(tree.ShareOf(node.Retained)),
        [.. node.Parts.Select(part => NodeOf(tree, part))],
        node.OtherObjects,
        node.OtherBytes,
        [.. node.OtherTypes.Select(type => new OtherPartsDocument(type.Type, type.Objects, type.Retained))],
        node.IsEstimate);
}
