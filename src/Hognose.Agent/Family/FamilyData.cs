using Hognose.Formats.Ring;

namespace Hognose.Agent.Family;

/// <summary>What this process knows of the run that it is part of. All zeros: no such run.</summary>
internal unsafe struct FamilyData
{
    public const int TextBytes = 96;

    /// <summary>Mapped; null: what this process starts is not recorded.</summary>
    public FamilyBoard* Board;
    public ulong Nonce;
    public int ToolProcessId;

    /// <summary>1: a fork's child that has not allocated yet.</summary>
    public int IsForkedChild;

    /// <summary>Of the parent; a fork does not change the interpreter.</summary>
    public uint PythonVersion;
    public uint BuildFlags;
    public AgentLayout Layout;

    /// <summary>"HOGNOSE_FAMILY=TOOL:DESCRIPTOR:NONCE"</summary>
    public fixed byte Variable[TextBytes];

    /// <summary>"LD_PRELOAD=/proc/TOOL/fd/LIBRARY"; the path begins behind the sign.</summary>
    public fixed byte Preload[TextBytes];

    /// <summary><see cref="Family.LargeRooms"/></summary>
    public fixed ulong LargeRooms[Family.LargeRooms.Count * Family.LargeRooms.Words];
    public ExecFunctions Next;
}
