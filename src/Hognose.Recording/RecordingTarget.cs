namespace Hognose.Recording;

/// <summary>Where a recording's events go while it goes on, and what the file says of it from its begin.</summary>
/// <param name="File">Written forwards only.</param>
/// <param name="Begins">Is called before the first event goes into the file; an <see cref="IOException"/> ends the stream.</param>
/// <param name="ToolVersion">Ours.</param>
/// <param name="CommandLine">Of the program.</param>
/// <param name="StartedAt">The program.</param>
/// <param name="ProcessId">Of the program.</param>
public sealed record RecordingTarget(
    Stream File, Action Begins, string ToolVersion, IReadOnlyList<string> CommandLine, DateTimeOffset StartedAt, int ProcessId);
