using Hognose.CPython.Types;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Objects;

/// <summary>Reads one layer of an object into edges.</summary>
internal abstract unsafe class ObjectReader
{
    /// <param name="at">The object in our copy; at least the type's basic size can be read.</param>
    /// <param name="address">The object in the target.</param>
    /// <param name="type">Its type.</param>
    /// <param name="edges">Appended to, in the order of <c>tp_traverse</c>.</param>
    public abstract void Read(byte* at, ulong address, PyType type, EdgeBuffer edges);
}

/// <summary><c>__sizeof__</c> of an object.</summary>
internal abstract unsafe class SizeReader
{
    public abstract long SizeOf(byte* at, ulong address, PyType type);

    /// <summary>Whether <see cref="StorageOf"/> is to be asked: there are few such types, and many objects.</summary>
    public bool HasStorage { get; protected init; }

    /// <summary>The object that is its storage, whose bytes <see cref="SizeOf"/> counts among its own; 0: none.</summary>
    public virtual ulong StorageOf(byte* at) => 0;
}
