using Hognose.CPython.Walk;
using Hognose.Formats.Lines;

namespace Hognose.CPython.Naming;

/// <summary>From a frame to its line.</summary>
internal sealed unsafe class CodeLines(WalkContext context, bool hasFrameStructs)
{
    private const int MostLineTableBytes = 1 << 24;

    // FRAME_OWNED_BY_CSTACK (3.12), FRAME_OWNED_BY_INTERPRETER (3.14): the interpreter's own entries (pycore_interpframe_structs.h).
    private const byte FirstOwnerWithoutCode = 3;

    private readonly LineReader _lineAt = LineTables.For(context.Version.Hex);
    private readonly int _owner = context.Layout.PyInterpreterFrame.owner;
    private readonly int _instruction = hasFrameStructs
        ? Math.Max(context.Layout.PyInterpreterFrame.prev_instr, context.Layout.PyInterpreterFrame.instr_ptr)
        : context.Layout.PyFrameObject.f_lasti;

    private readonly int _code = context.Layout.PyCodeObject.co_code_adaptive;
    private readonly int _firstLine = context.Layout.PyCodeObject.co_firstlineno;
    private readonly int _table = Math.Max(context.Layout.PyCodeObject.co_linetable, context.Layout.PyCodeObject.co_lnotab);
    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _bytes = context.Layout.PyBytesObject.ob_sval;

    public bool IsOfPython(ulong frame) => _owner < 0 || context.Memory.U8(frame + (ulong)_owner) < FirstOwnerWithoutCode;

    /// <returns>0 where that cannot be told.</returns>
    public int LineOf(ulong frame, ulong code)
    {
        var table = context.Memory.U64(code + (ulong)_table);
        var length = context.Memory.I64(table + (ulong)_count);
        var at = length is > 0 and <= MostLineTableBytes ? context.Items(table + (ulong)_bytes, length, 1) : null;
        var word = context.Memory.U64(frame + (ulong)_instruction);
        var instruction = hasFrameStructs ? (int)Math.Clamp((long)(word - (code + (ulong)_code)), -1, int.MaxValue) : (int)word;
        return at == null ? 0 : Math.Max(0, _lineAt(new ReadOnlySpan<byte>(at, (int)length), (int)context.Memory.U32(code + (ulong)_firstLine), instruction));
    }
}
