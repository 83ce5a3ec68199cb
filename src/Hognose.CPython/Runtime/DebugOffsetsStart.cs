using Hognose.CPython.Versions;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Runtime;

/// <summary>
/// The first 24 bytes of <c>_Py_DebugOffsets</c>, with which <c>_PyRuntime</c> begins from 3.13 on
/// (Include/internal/pycore_debug_offsets.h): cookie, PY_VERSION_HEX, and whether there is no GIL.
/// </summary>
internal readonly record struct DebugOffsetsStart(PythonVersion Version, bool IsFreeThreaded)
{
    public const int Size = 24;

    public static ReadOnlySpan<byte> Cookie => "xdebugpy"u8;

    public static bool TryRead(IMemoryReader memory, TargetAddress runtime, out DebugOffsetsStart start)
    {
        start = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (!memory.TryRead(runtime, bytes) || !bytes.StartsWith(Cookie))
            return false;
        var hex = BitConverter.ToUInt64(bytes[8..]);
        start = new DebugOffsetsStart(new PythonVersion((uint)hex), BitConverter.ToUInt64(bytes[16..]) != 0);
        return hex <= uint.MaxValue && start.Version.Major == 3;
    }
}
