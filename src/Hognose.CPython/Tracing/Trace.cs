using Hognose.CPython.Walk;

namespace Hognose.CPython.Tracing;

/// <summary>What tracemalloc keeps of a block (<c>trace_t</c> of Modules/_tracemalloc.c).</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Traceback">Address of the stack that allocated it.</param>
internal readonly record struct Trace(long Size, ulong Traceback)
{
    private const ulong AddressSpace = 1UL << 47; // Bytes; no block of x86-64's user space is larger.

    /// <summary>Null when there can be none at that address.</summary>
    public static Trace? TryRead(WalkContext context, ulong address)
    {
        ref readonly var fields = ref context.Layout.TraceMallocTrace;
        if (address == 0 || !context.IsCopied(address, (ulong)fields.Size))
            return null;
        var size = context.Memory.U64(address + (ulong)fields.size);
        return size < AddressSpace ? new Trace((long)size, context.Memory.U64(address + (ulong)fields.traceback)) : null;
    }
}
