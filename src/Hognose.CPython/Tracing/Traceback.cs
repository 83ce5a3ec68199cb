using Hognose.CPython.Layouts;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Tracing;

/// <summary>
/// A stack as tracemalloc keeps it (<c>traceback_t</c> of Modules/_tracemalloc.c, 3.12+: <c>struct tracemalloc_traceback</c>): the innermost frame first, each a
/// name of a file and a line.
/// </summary>
/// <param name="Address">Of the first frame.</param>
/// <param name="Frames">That are kept.</param>
/// <param name="IsCut">The stack had more (3.9 and later; before that nothing says so).</param>
internal readonly unsafe record struct Traceback(ulong Address, int Frames, bool IsCut)
{
    private const int MostFrames = ushort.MaxValue; // nframe has 16 bits since 3.9; 3.8 keeps no more in practice.

    /// <summary>Null when there can be none at that address.</summary>
    public static Traceback? TryRead(WalkContext context, ulong address)
    {
        ref readonly var fields = ref context.Layout.TraceMallocTraceback;
        var at = address == 0 ? null : context.Memory.Translate(address, (ulong)fields.frames);
        if (at == null || !context.IsCopied(address, (ulong)fields.frames))
            return null;
        var frames = fields.nframe_width == sizeof(ushort) ? *(ushort*)(at + fields.nframe) : *(int*)(at + fields.nframe);
        var all = fields.total_nframe == CPythonLayout.Absent ? frames : *(ushort*)(at + fields.total_nframe);
        return frames is > 0 and <= MostFrames && context.Items(address + (ulong)fields.frames, frames, context.Layout.TraceMallocFrame.Size) != null
            ? new Traceback(address + (ulong)fields.frames, frames, all > frames)
            : null;
    }

    /// <summary>File's name and line of a frame.</summary>
    public (ulong File, uint Line) Frame(WalkContext context, int index)
    {
        ref readonly var fields = ref context.Layout.TraceMallocFrame;
        var at = Address + (ulong)index * (ulong)fields.Size;
        return (context.Memory.U64(at + (ulong)fields.filename), context.Memory.U32(at + (ulong)fields.lineno));
    }
}
