using System.Runtime.InteropServices;

namespace Hognose.Formats.Ring;

/// <summary>
/// One shared page of a run, where processes that its program starts find a region of their own: the tool keeps some ready, formatted as its first.
/// <code>
///      0  magic "HGNFAML1", version, tool's process id, nonce, descriptor of the agent's library in the tool,
///        how many processes went without, how many could not be told of the family, whether the recording has ended
///     64  places: descriptor of a region in the tool, 0 for none; a process claims the region itself (RingHeader.ProcessId)
///    256  path of the agent's library, empty where it cannot stand in LD_PRELOAD
/// </code>
/// All but the counts are written by the tool. A process opens <c>/proc/TOOL/fd/DESCRIPTOR</c>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeInBytes)]
public unsafe struct FamilyBoard
{
    /// <summary>"HGNFAML1" read as little-endian.</summary>
    public const ulong MagicValue = 0x314C_4D41_464E_4748;
    public const uint CurrentVersion = 3;
    public const int SizeInBytes = 4096;

    /// <summary>Regions that are ready at a time: a burst of processes, as a pool's, finds one each without waiting for the tool.</summary>
    public const int Places = 32;

    /// <summary>Of <see cref="LibraryPath"/>, its zero included.</summary>
    public const int LibraryPathBytes = 512;

    /// <summary>By which a library that stands in LD_PRELOAD is known for the agent. The agent has it as bytes of its own: it may have no string, and no data of another room's.</summary>
    public const string LibraryName = "/hognose_agent.so";

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Version;
    [FieldOffset(12)] public uint ToolProcessId;

    /// <summary>As in the ring of the first process; that of every region here.</summary>
    [FieldOffset(16)] public ulong Nonce;
    [FieldOffset(24)] public int LibraryDescriptor;

    /// <summary>Processes that found no region in bounded time; counted by themselves.</summary>
    [FieldOffset(28)] public uint Unserved;

    /// <summary>Programs that were started with an environment or a command too large to be added to; counted by who started them.</summary>
    [FieldOffset(32)] public uint Unfitting;

    /// <summary>1: the recording has ended, and nobody is followed any more. Written by the tool.</summary>
    [FieldOffset(36)] public uint IsClosed;

    [FieldOffset(64)] public fixed int RegionDescriptor[Places];

    /// <summary>Ends with a zero. A program that has been started when the tool goes finds the library by it, and not by a descriptor that is gone.</summary>
    [FieldOffset(256)] public fixed byte LibraryPath[LibraryPathBytes];
}
