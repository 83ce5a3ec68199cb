using Hognose.Diagnostics;

namespace Hognose.Insights.Heaps;

/// <summary>Everything that <c>hognose heap</c> tells.</summary>
/// <param name="Trouble">What could not be read, and why.</param>
public sealed record HeapAnswer(HeapFacts Facts, HeapByType ByType, DiagnosticBag Trouble);
