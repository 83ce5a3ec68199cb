using System.Runtime.InteropServices;

namespace Hognose.Agent.Family;

/// <summary>
/// Room on the stack for a new program's environment. Not stackalloc, for which the compiler writes a guard that calls into the runtime.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal unsafe struct ExecRoom
{
    public const int Bytes = 10 * 1024;

    [FieldOffset(0)] public byte* First;
}

/// <summary>Room for "/proc/TOOL/fd/DESCRIPTOR".</summary>
[StructLayout(LayoutKind.Explicit, Size = FamilyData.TextBytes)]
internal struct PathRoom
{
    [FieldOffset(0)] public byte First;
}
