namespace Hognose.Heap;

[Flags]
public enum NodeFlags : byte
{
    None = 0,

    /// <summary>Known to the cyclic collector's lists.</summary>
    Tracked = 1,

    /// <summary>Its reference count says that it never dies.</summary>
    Immortal = 2,

    /// <summary>Stands in the data of a binary or of the runtime, not in allocated memory.</summary>
    Static = 4,

    /// <summary>Held by a thread, a running frame, the interpreter or native code.</summary>
    Root = 8,

    /// <summary>Stands in a block of pymalloc.</summary>
    Pooled = 16,

    /// <summary>Kept out of every collection by gc.freeze().</summary>
    Frozen = 32,
}
