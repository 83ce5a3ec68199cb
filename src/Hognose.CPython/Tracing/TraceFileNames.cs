using Hognose.CPython.Objects;
using Hognose.CPython.Types;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Tracing;

/// <summary>How tracemalloc keeps the name of a file.</summary>
internal abstract class TraceFileNames(WalkContext context)
{
    protected WalkContext Context => context;

    /// <summary>Null when there is none at that address.</summary>
    public abstract string? Read(ulong address);
}

/// <summary>As the str of the code object.</summary>
internal sealed class TraceFileNames_3_8(WalkContext context) : TraceFileNames(context)
{
    private readonly UnicodeText _text = new(context);

    public override string? Read(ulong address) => IsText(address) ? _text.Read(address) : null;

    private bool IsText(ulong address)
    {
        var type = Context.Memory.U64(address + (ulong)Context.Layout.PyObject.ob_type);
        return (Context.Memory.U64(type + (ulong)Context.Layout.PyTypeObject.tp_flags) & TypeFlags.UnicodeSubclass) != 0;
    }
}

/// <summary>As UTF-8 of its own, which ends with a zero.</summary>
internal sealed class TraceFileNames_3_15(WalkContext context) : TraceFileNames(context)
{
    public override string? Read(ulong address) => Context.Memory.CString(address, Context.Limits.NameBytes);
}
