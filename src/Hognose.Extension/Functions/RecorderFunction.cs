using Hognose.Agent;
using Hognose.Agent.Unwinding;
using Hognose.Extension.Python;
using Hognose.Formats.Ring;

namespace Hognose.Extension.Functions;

/// <summary>Who records this process, if anybody does: found by the region that is mapped for it, whichever way the agent came in.</summary>
internal static unsafe class RecorderFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "recorder($module, /)\n--\n\nWho records this process: the tool's pid as it sees itself, and the recording's nonce; None when nobody does."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        if (count != 0)
        {
            ExtensionModule.Python->SetError(ExtensionModule.Python->TypeError, Text.C("recorder() takes no arguments"u8));
            return null;
        }
        var ring = Find(ExtensionModule.State->Maps);
        return ring == null
            ? PythonValues.Shared(ExtensionModule.Python->None)
            : PythonValues.Pair(PythonValues.Number((nint)ring->ToolProcessId), PythonValues.Number((nint)ring->Nonce));
    }

    /// <summary>Null: there is none. A fork's child that is not recorded itself may have its parent's.</summary>
    private static RingHeader* Find(byte* buffer)
    {
        RingHeader* found = null;
        if (!MappingLines.Open(buffer, out var lines))
            return null;
        while (found == null && lines.Next(out var line))
            if (line.Offset == 0 && line.High - line.Low >= RingHeader.SizeInBytes && IsRegion(&line) && IsOurs((RingHeader*)line.Low))
                found = (RingHeader*)line.Low;
        lines.Close();
        return found;
    }

    /// <summary>A memfd of that name; the kernel appends " (deleted)".</summary>
    private static bool IsRegion(MappingLine* line)
    {
        var name = Text.C("/memfd:hognose (deleted)"u8);
        const int length = 24;
        return line->PathLength == length && Libc.memcmp(line->Path, name, length) == 0;
    }

    private static bool IsOurs(RingHeader* ring) =>
        ring->Magic == RingHeader.MagicValue && ring->AgentState == AgentState.Recording && ring->ProcessId == (uint)Libc.getpid();
}
