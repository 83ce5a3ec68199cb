using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>A list.</summary>
internal sealed unsafe class ListReader(WalkContext context) : ObjectReader
{
    private readonly int _items = context.Layout.PyListObject.ob_item;
    private readonly int _count = context.Layout.PyVarObject.ob_size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var count = *(long*)(at + _count);
        var items = context.Items(*(ulong*)(at + _items), count, 8);
        if (items != null)
            edges.AddAll((ulong*)items, count, EdgeKind.Ref);
    }
}

/// <summary>As many pointers in the object as the C struct has room for.</summary>
internal sealed unsafe class FixedItemsReader(int offset, int count) : ObjectReader
{
    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges) =>
        edges.AddAll((ulong*)(at + offset), count, EdgeKind.Ref);
}

/// <summary>A datetime or time without a time zone is allocated without the field for it.</summary>
internal sealed unsafe class TimeZoneReader(int hasTimeZone, int timeZone) : ObjectReader
{
    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        if (at[hasTimeZone] != 0)
            edges.Add(*(ulong*)(at + timeZone), EdgeKind.Extra);
    }
}

/// <summary><c>Decimal.__sizeof__</c>: the coefficient once it left the object (Modules/_decimal, mpd_isdynamic_data).</summary>
internal sealed unsafe class DecimalSize(WalkContext context) : SizeReader
{
    // MPD_STATIC_DATA | MPD_SHARED_DATA | MPD_CONST_DATA (mpdecimal.h).
    private const byte NotDynamic = 32 | 64 | 128;

    private readonly int _flags = context.Layout.DecimalObject.dec_flags;
    private readonly int _allocated = context.Layout.DecimalObject.dec_alloc;

    public override long SizeOf(byte* at, ulong address, PyType type) =>
        (at[_flags] & NotDynamic) != 0 ? type.BasicSize : type.BasicSize + 8 * *(long*)(at + _allocated);
}

/// <summary><c>Struct.__sizeof__</c>: a table of format codes, ended by an empty one (Modules/_struct.c).</summary>
internal sealed unsafe class StructSize(WalkContext context) : SizeReader
{
    private const int CodeBytes = 32;
    private const int MostCodes = 1 << 16;

    private readonly int _codes = context.Layout.StructObject.s_codes;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var code = *(ulong*)(at + _codes);
        var count = 1;
        while (count < MostCodes && context.Memory.U64(code) != 0)
        {
            code += CodeBytes;
            count++;
        }
        return type.BasicSize + (long)CodeBytes * count;
    }
}

/// <summary><c>BytesIO.__sizeof__</c>: its buffer, while nobody else holds it.</summary>
internal sealed unsafe class BytesIOSize : SizeReader
{
    private readonly WalkContext _context;
    private readonly int _buffer;
    private readonly int _refcount;
    private readonly int _count;
    private readonly int _bytes;

    public BytesIOSize(WalkContext context)
    {
        var layout = context.Layout;
        _context = context;
        _buffer = layout.BytesIO.buf;
        _refcount = layout.PyObject.ob_refcnt;
        _count = layout.PyVarObject.ob_size;
        _bytes = layout.PyBytesObject.ob_sval + 1;
        HasStorage = true;
    }

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var buffer = StorageOf(at);
        return buffer == 0 ? type.BasicSize : type.BasicSize + _bytes + _context.Memory.I64(buffer + (ulong)_count);
    }

    public override ulong StorageOf(byte* at)
    {
        var buffer = *(ulong*)(at + _buffer);
        return buffer == 0 || _context.Memory.U32(buffer + (ulong)_refcount) > 1 ? 0 : buffer;
    }
}
