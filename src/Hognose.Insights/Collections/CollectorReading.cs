using Hognose.Heap;

namespace Hognose.Insights.Collections;

/// <summary>Whose collector it is.</summary>
/// <param name="LayoutVersion">The table that it was read with.</param>
public sealed record CollectorProcess(int ProcessId, string ProgramName, string PythonVersion, string LayoutVersion);

/// <summary>The collectors of a process at one moment.</summary>
public sealed record CollectorReading(DateTimeOffset Time, IReadOnlyList<CollectorState> Interpreters)
{
    /// <summary>Of a process that has just begun: nothing was collected.</summary>
    public static CollectorReading None { get; } = new(DateTimeOffset.UnixEpoch, []);
}
