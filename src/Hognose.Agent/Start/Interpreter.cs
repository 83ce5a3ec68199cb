using Hognose.Agent.Hooks;

namespace Hognose.Agent.Start;

/// <summary>What can be known of an interpreter that has not started yet.</summary>
internal static unsafe class Interpreter
{
    public const uint FreeThreaded = 1;
    public const uint Debug = 2;
    public const uint PyPy = 4;

    /// <summary>"xdebugpy" (Include/internal/pycore_debug_offsets.h): the first word of <c>_PyRuntime</c> from 3.13 on.</summary>
    private const ulong DebugOffsetsCookie = 0x7970_6775_6265_6478;
    private const int FreeThreadedOffset = 16;

    private const uint FinalRelease = 0xF0;

    /// <summary>PY_VERSION_HEX. Before 3.11 only the text says it: "3.8.18 (default, …".</summary>
    public static uint VersionHex()
    {
        var version = (ulong*)PythonApi.Find("Py_Version"u8);
        if (version != null)
            return (uint)*version;
        var getVersion = (delegate* unmanaged[SuppressGCTransition]<byte*>)PythonApi.Find("Py_GetVersion"u8);
        return getVersion == null ? 0 : Parse(getVersion());
    }

    public static uint BuildFlags()
    {
        var flags = 0u;
        var runtime = (byte*)PythonApi.Find("_PyRuntime"u8);
        if (runtime != null && *(ulong*)runtime == DebugOffsetsCookie && *(ulong*)(runtime + FreeThreadedOffset) != 0)
            flags |= FreeThreaded;
        if (PythonApi.Find("_Py_NegativeRefcount"u8) != null)
            flags |= Debug;
        return flags;
    }

    private static uint Parse(byte* text)
    {
        var hex = FinalRelease;
        for (var shift = 24; shift >= 8; shift -= 8)
        {
            hex |= (uint)(Libc.strtoul(text, &text, 10) & 0xFF) << shift;
            if (*text == (byte)'.')
                text++;
        }
        return hex;
    }
}
