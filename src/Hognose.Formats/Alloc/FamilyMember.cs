namespace Hognose.Formats.Alloc;

/// <summary>A process that the recorded program started, directly or not, and that has a recording of its own.</summary>
/// <param name="ProcessId">Its own. A process that starts another program by exec is told once for each.</param>
/// <param name="ParentId">Of the process that started it; 0: not known.</param>
/// <param name="CommandLine">As the kernel has it, one entry an argument; a fork's child has its parent's.</param>
/// <param name="StartedAt">When its recording began.</param>
/// <param name="PeakBytes">Its high-water mark.</param>
/// <param name="EndBytes">Held at its end.</param>
/// <param name="Allocations">That it made.</param>
/// <param name="MaximumResidentBytes">The largest resident size met; -1: not known.</param>
/// <param name="File">Its recording, as named when it was written.</param>
public sealed record FamilyMember(
    int ProcessId, int ParentId, IReadOnlyList<string> CommandLine, DateTimeOffset StartedAt, long PeakBytes, long EndBytes, long Allocations, long MaximumResidentBytes, string File);
