using Hognose.Targets.Processes;

namespace Hognose.Targets.Cores;

/// <summary>One mapping of a dead process, and what its core holds of it.</summary>
/// <param name="Offset">In the core.</param>
/// <param name="DumpedBytes">From the mapping's low end on; 0 when only its file is named.</param>
internal readonly record struct CorePart(Mapping Mapping, ulong Offset, ulong DumpedBytes);
