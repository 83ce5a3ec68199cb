using Hognose.CPython.Layouts;
using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>What was written to a StringIO and not read yet: a text that grows, of a writer within the object (3.11 to 3.13) or beside it.</summary>
internal sealed unsafe class TextWriterReader(WalkContext context) : ObjectReader
{
    private readonly int _writer = context.Layout.StringIO.writer;
    private readonly int _buffer = context.Layout.UnicodeWriter.buffer;

    // The member behind it tells how long it is.
    private readonly bool _isWithin = context.Layout.StringIO.ok - context.Layout.StringIO.writer >= context.Layout.UnicodeWriter.Size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        if (_writer == CPythonLayout.Absent)
            return;
        edges.Add(_isWithin ? *(ulong*)(at + _writer + _buffer) : Pointed(*(ulong*)(at + _writer)), EdgeKind.Extra);
    }

    private ulong Pointed(ulong writer) => writer == 0 ? 0 : context.Memory.U64(writer + (ulong)_buffer);
}
