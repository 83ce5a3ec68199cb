using Hognose.Formats.Ring;

namespace Hognose.Agent.Family;

/// <summary>What this process knows of the run that it is part of. All zeros: no such run.</summary>
internal unsafe struct FamilyData
{
    public const int TextBytes = 96;
    public const int PathTextBytes = FamilyMembership.PreloadName + FamilyBoard.LibraryPathBytes;

    /// <summary>Bool: what this process starts is recorded.</summary>
    public int IsOn;

    /// <summary>
    /// Bool: this process begins to record in the middle of its life, so the exec hooks get to its calls by the slots of its libraries. Else the loader has bound them to us.
    /// </summary>
    public int UsesSlots;

    /// <summary>
    /// Null until there was one. It stays mapped when that recording is over, until the next one's takes its place at the same address: a thread that starts
    /// a program just then, without the GIL, may be about to count something there.
    /// </summary>
    public FamilyBoard* Board;
    public ulong Nonce;
    public int ToolProcessId;

    /// <summary>1: a fork's child that has not allocated yet.</summary>
    public int IsForkedChild;

    /// <summary>Bool: what is recorded here is part of the parent's recording; this process has asked for none.</summary>
    public int IsParentsRecording;

    /// <summary>Of the parent; a fork does not change the interpreter.</summary>
    public uint PythonVersion;
    public uint BuildFlags;
    public AgentLayout Layout;

    /// <summary>"HOGNOSE_FAMILY=TOOL:DESCRIPTOR:NONCE"</summary>
    public fixed byte Variable[TextBytes];

    /// <summary>"LD_PRELOAD=/proc/TOOL/fd/LIBRARY"; the path begins behind the sign. It leads somewhere while the tool lives.</summary>
    public fixed byte Preload[TextBytes];

    /// <summary>The same with the library's path, which may lead nowhere in a chroot or a container; nothing behind the sign: there is none.</summary>
    public fixed byte PathPreload[PathTextBytes];

    /// <summary><see cref="Family.LargeRooms"/></summary>
    public fixed ulong LargeRooms[Family.LargeRooms.Count * Family.LargeRooms.Words];
    public ExecFunctions Next;
}
