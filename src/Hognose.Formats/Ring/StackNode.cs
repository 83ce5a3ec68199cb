using System.Runtime.InteropServices;

namespace Hognose.Formats.Ring;

/// <summary>
/// One frame of a Python stack in the shared trie, 12 bytes; a stack is named by the id of its innermost node. Node 0 is the empty stack.
/// Nodes are only appended; a node is whole before an event names it.
/// <code>
///   0 u32 Parent        the caller's node
///   4 u32 CodeId        index of the <see cref="CodeRecord"/> (0: unknown code; 2^32-1: no code, an allocation of C code called below the parent;
///                       2^32-2: a pair of stacks; 2^32-3: the begin of an evaluation); of a <see cref="CodeRecord.ModuleKind"/>: a frame of C code
///   8 i32 Instruction   of C code's allocation the <see cref="AllocatorDomain"/>; of a C frame its return address as the file has it; of a pair the C frames' node; 3.8-3.9: f_lasti; 3.10: f_lasti (unit: 2 bytes); 3.11+: bytes from co_code_adaptive
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct StackNode
{
    public const int SizeInBytes = 12;
    public const uint NativeCode = uint.MaxValue;

    /// <summary>Both stacks of an event: of Python the parent, of C code the node that <see cref="Instruction"/> names.</summary>
    public const uint NativeChain = uint.MaxValue - 1;

    /// <summary>No frame: what stands beneath, up to the next of these, one call of CPython's evaluation loop runs.</summary>
    public const uint EvaluationEntry = uint.MaxValue - 2;

    public uint Parent;
    public uint CodeId;
    public int Instruction;
}
