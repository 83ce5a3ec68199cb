using Hognose.CPython.Versions;
using Hognose.Formats.Ring;

namespace Hognose.CPython.Layouts;

/// <summary>
/// Fills what the agent needs to know of CPython. Versions are told apart by which fields they have, so that a new one needs a table only.
/// </summary>
public static class AgentLayouts
{
    /// <summary>A stack reference keeps a tag in its two low bits (Include/internal/pycore_stackref.h, 3.14+).</summary>
    private const int StackReferenceTag = 3;

    /// <summary>FRAME_OWNED_BY_GENERATOR and the first owner that is no Python code (3.12: C stack; 3.14: interpreter), pycore_interpframe_structs.h.</summary>
    private const int OwnedByGenerator = 1;
    private const int FirstOwnerWithoutCode = 3;

    /// <param name="versionHex">The target's <c>PY_VERSION_HEX</c>.</param>
    /// <param name="layout">Offsets of the version's own table or of the nearest micro release's.</param>
    /// <param name="reason">Why there is none: one sentence; else empty.</param>
    public static bool TryGet(uint versionHex, out AgentLayout layout, out string reason)
    {
        layout = default;
        var version = new PythonVersion(versionHex);
        if (LayoutChoice.TryRefuse(version, out var problem, out var remedy))
        {
            reason = $"{problem}: {remedy}";
            return false;
        }
        reason = "";
        layout = Of(LayoutChoice.Select(version).Layout);
        return true;
    }

    public static AgentLayout Of(CPythonLayout layout)
    {
        var result = new AgentLayout();
        FillThread(ref result, layout);
        FillFrame(ref result, layout);
        FillCode(ref result, layout);
        FillText(ref result, layout);
        return result;
    }

    private static void FillThread(ref AgentLayout result, CPythonLayout layout)
    {
        ref readonly var thread = ref layout.PyThreadState;
        result.ThreadFrame = FirstPresent(thread.frame, thread.current_frame, thread.cframe);
        result.CFrameCurrentFrame = layout.CFrame.current_frame;
        result.ThreadNativeId = thread.native_thread_id;
        result.RuntimeFinalizing = FirstPresent(layout.PyRuntimeState._finalizing, layout.PyRuntimeState.finalizing);
        result.RuntimeCurrentThread = layout.PyRuntimeState.gilstate_tstate_current;
    }

    private static void FillFrame(ref AgentLayout result, CPythonLayout layout)
    {
        ref readonly var frame = ref layout.PyInterpreterFrame;
        ref readonly var frameObject = ref layout.PyFrameObject;
        var hasOwnFrames = IsPresent(frame.Size);
        result.FramePrevious = hasOwnFrames ? frame.previous : frameObject.f_back;
        result.FrameCode = FirstPresent(frame.f_code, frame.f_executable, frameObject.f_code);
        result.FrameCodeTagMask = IsPresent(frame.f_executable_bits) ? StackReferenceTag : 0;
        result.FrameInstruction = FirstPresent(frame.prev_instr, frame.instr_ptr, frameObject.f_lasti);
        result.InstructionIsPointer = hasOwnFrames ? 1 : 0;
        result.FrameOwner = frame.owner;
        result.FrameIsEntry = frame.is_entry;
        result.FirstSkippedOwner = FirstOwnerWithoutCode;
        result.GeneratorOwner = OwnedByGenerator;
    }

    private static void FillCode(ref AgentLayout result, CPythonLayout layout)
    {
        ref readonly var code = ref layout.PyCodeObject;
        result.CodeFirstTraceable = code._co_firsttraceable;
        result.CodeAdaptive = code.co_code_adaptive;
        result.CodeFileName = code.co_filename;
        result.CodeName = FirstPresent(code.co_qualname, code.co_name);
        result.CodeFirstLine = code.co_firstlineno;
        result.CodeLineTable = FirstPresent(code.co_linetable, code.co_lnotab);
    }

    private static void FillText(ref AgentLayout result, CPythonLayout layout)
    {
        result.BytesLength = layout.PyVarObject.ob_size;
        result.BytesData = layout.PyBytesObject.ob_sval;
        result.StrLength = layout.PyASCIIObject.length;
        result.StrState = layout.PyASCIIObject.state;
        result.StrAsciiData = layout.PyASCIIObject.Size;
        result.StrCompactData = layout.PyCompactUnicodeObject.Size;
    }

    private static bool IsPresent(int offset) => offset != CPythonLayout.Absent;

    private static int FirstPresent(params ReadOnlySpan<int> offsets)
    {
        foreach (var offset in offsets)
            if (IsPresent(offset))
                return offset;
        return CPythonLayout.Absent;
    }
}
