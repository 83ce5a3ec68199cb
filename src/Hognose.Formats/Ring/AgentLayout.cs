using System.Runtime.InteropServices;

namespace Hognose.Formats.Ring;

/// <summary>
/// All that the agent knows of CPython: offsets in bytes, filled by the tool from its layout tables once the agent has said which version runs.
/// An offset of -1 means "this version has no such field". The agent holds no version check: a difference is a number in here.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct AgentLayout
{
    /// <summary>Thread state: pointer to the innermost frame (≤ 3.10 <c>frame</c>, 3.13+ <c>current_frame</c>), or to the C frame when <see cref="CFrameCurrentFrame"/> ≥ 0.</summary>
    public int ThreadFrame;

    /// <summary>C frame (3.11, 3.12): pointer to the innermost interpreter frame; -1 elsewhere.</summary>
    public int CFrameCurrentFrame;

    /// <summary>Frame: pointer to the caller (<c>f_back</c> / <c>previous</c>).</summary>
    public int FramePrevious;

    /// <summary>Frame: pointer to the code object (<c>f_code</c> / <c>f_executable</c>).</summary>
    public int FrameCode;

    /// <summary>Bits to clear from the code pointer (3.14+: 3, the tag of a stack reference).</summary>
    public int FrameCodeTagMask;

    /// <summary>Frame: instruction (≤ 3.10 int <c>f_lasti</c>; 3.11+ pointer <c>prev_instr</c> / <c>instr_ptr</c>).</summary>
    public int FrameInstruction;

    /// <summary>1: the instruction is a pointer, to be made relative to <see cref="CodeAdaptive"/>; 0: an int, kept as it is.</summary>
    public int InstructionIsPointer;

    /// <summary>Frame: byte that says who owns it; -1 when frames have no owner (≤ 3.10).</summary>
    public int FrameOwner;

    /// <summary>Owners from this value on are C entry frames without Python code: skipped.</summary>
    public int FirstSkippedOwner;

    /// <summary>Frame: byte that is not 0 in the outermost frame that a call of the evaluation loop runs (3.11, <c>is_entry</c>); -1 elsewhere.</summary>
    public int FrameIsEntry;

    /// <summary>
    /// Owner of a frame that lives in a generator (1 from 3.11 on). Such a frame is complete whatever its instruction; any other is incomplete,
    /// and left out as <c>_PyFrame_IsIncomplete</c> does, while it stands before <see cref="CodeFirstTraceable"/>.
    /// </summary>
    public int GeneratorOwner;

    /// <summary>Code: int <c>_co_firsttraceable</c>, in units of 2 bytes (3.11+); -1 elsewhere. Leaves out the "__init__" shim of class calls too.</summary>
    public int CodeFirstTraceable;

    public int CodeAdaptive;
    public int CodeFileName;
    public int CodeName;
    public int CodeFirstLine;
    public int CodeLineTable;

    /// <summary>Bytes object: length and first byte.</summary>
    public int BytesLength;
    public int BytesData;

    /// <summary>str object: length, state word, data after an ASCII and after a compact non-ASCII head.</summary>
    public int StrLength;
    public int StrState;
    public int StrAsciiData;
    public int StrCompactData;

    /// <summary>Thread state: kernel thread id (<c>native_thread_id</c>, 3.11+), -1 elsewhere.</summary>
    public int ThreadNativeId;

    /// <summary><c>_PyRuntime</c>: the current thread state, one for all threads (≤ 3.11): in a raw-domain hook it may be another thread's. -1 where it is thread-local.</summary>
    public int RuntimeCurrentThread;

    /// <summary><c>_PyRuntime</c>: pointer that is set when <c>Py_FinalizeEx</c> begins to tear down, after threads were joined and atexit functions ran.</summary>
    public int RuntimeFinalizing;
}
