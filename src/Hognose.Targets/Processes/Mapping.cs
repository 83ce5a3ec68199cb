using Hognose.Targets.Memory;

namespace Hognose.Targets.Processes;

[Flags]
public enum MappingAccess
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,

    /// <summary>Changes are seen by other processes (<c>s</c> in <c>/proc/PID/maps</c>).</summary>
    Shared = 8,
}

/// <summary>One line of <c>/proc/PID/maps</c>.</summary>
/// <param name="Offset">Bytes into the file.</param>
/// <param name="Device">Major and minor number as the kernel writes them ("fe:00"); "00:00" where there is no file.</param>
/// <param name="Path">As the target sees it, without " (deleted)"; "[heap]" and the like; empty for plain anonymous memory.</param>
/// <param name="IsDeleted">The file's last name is gone; its bytes are still there through <c>/proc/PID/map_files</c>.</param>
public readonly record struct Mapping(
    TargetAddress Low,
    TargetAddress High,
    MappingAccess Access,
    ulong Offset,
    string Device,
    ulong Inode,
    string Path,
    bool IsDeleted)
{
    public ulong Length => High.Value - Low.Value;

    public bool IsFile => Inode != 0;

    public bool Has(MappingAccess access) => (Access & access) == access;

    public bool Contains(TargetAddress address) => Low <= address && address < High;
}
