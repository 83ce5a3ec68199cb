using Hognose.Diagnostics;

namespace Hognose.Insights.Heaps;

/// <summary>Everything that <c>hognose heap</c> tells.</summary>
/// <param name="Trouble">What could not be read, and why; and remarks on how it was read (docs/diagnostics.md).</param>
public sealed record HeapAnswer(HeapFacts Facts, HeapGroups Groups, DiagnosticBag Trouble)
{
    /// <summary>How often something could not be read; remarks don't count.</summary>
    public long NotRead => Trouble.Tally.Where(tally => !IsRemark(tally.Key)).Sum(tally => tally.Value);

    /// <summary>HG03xx: which layout was used and why. Nothing is lacking because of it.</summary>
    public static bool IsRemark(string id) => id.StartsWith("HG03", StringComparison.Ordinal);
}
