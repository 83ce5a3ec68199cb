using System.Buffers.Binary;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Layouts.Validation;

/// <summary>A number that the target states otherwise than our table.</summary>
internal readonly record struct Contradiction(string Name, int Ours, int Theirs)
{
    public override string ToString() => $"{Name} is {Ours} in our table and {Theirs} in the target";
}

/// <summary>
/// The target's <c>_Py_DebugOffsets</c> (3.13+), read once. It comes from a process that may be broken or hostile, so nothing of it is used
/// before <see cref="TryFindDamage"/> has gone over it.
/// </summary>
internal sealed class DebugOffsets
{
    /// <summary>Larger than any struct it describes, small enough for every sum of offsets.</summary>
    private const ulong Largest = 1 << 24;

    private readonly byte[] _bytes;
    private readonly CPythonLayout _layout;

    private DebugOffsets(byte[] bytes, CPythonLayout layout)
    {
        _bytes = bytes;
        _layout = layout;
    }

    /// <summary>The block at the start of <c>_PyRuntime</c>; null when the version has none or it cannot be read.</summary>
    public static DebugOffsets? Read(IMemoryReader memory, TargetAddress runtime, CPythonLayout layout)
    {
        if (layout.PyDebugOffsets.Size == CPythonLayout.Absent)
            return null;
        var bytes = new byte[layout.PyDebugOffsets.Size];
        return memory.TryRead(runtime + layout.PyRuntimeState.debug_offsets, bytes) ? new DebugOffsets(bytes, layout) : null;
    }

    /// <summary>Why the block is not what CPython writes, or null: cookie, bounds, and each field within its struct and aligned as ours is.</summary>
    public string? TryFindDamage()
    {
        if (!_bytes.AsSpan(_layout.PyDebugOffsets.cookie).StartsWith("xdebugpy"u8))
            return "_Py_DebugOffsets does not begin with its cookie";
        foreach (var (debug, ours) in DebugOffsetNames.Pairs)
        {
            if (ValueOf(debug) is not { } value)
                continue;
            if (value > Largest || (value >= SizeAround(ours) && !IsSize(ours)) || !IsAligned(value, _layout[ours]))
                return $"_Py_DebugOffsets says {value} for {ours}";
        }
        return null;
    }

    /// <summary>Where it and our table differ. A field that neither has is 0 there and absent here.</summary>
    public IEnumerable<Contradiction> Contradictions()
    {
        foreach (var (debug, ours) in DebugOffsetNames.Pairs)
            if (ValueOf(debug) is { } value && (int)value != _layout[ours] && !(value == 0 && _layout[ours] == CPythonLayout.Absent))
                yield return new Contradiction(ours, _layout[ours], (int)value);
    }

    private ulong? ValueOf(string debug)
    {
        var place = _layout[debug];
        return place == CPythonLayout.Absent ? null : BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(place));
    }

    /// <summary>As the block itself says, for a field "PyTypeObject.tp_name"; our own where the block gives no size.</summary>
    private ulong SizeAround(string ours)
    {
        var size = ours[..ours.IndexOf('.', StringComparison.Ordinal)] + ".Size";
        foreach (var (debug, named) in DebugOffsetNames.Pairs)
            if (named == size && ValueOf(debug) is { } value)
                return value;
        return (ulong)Math.Max(0, _layout[size]);
    }

    private static bool IsSize(string ours) => ours.EndsWith(".Size", StringComparison.Ordinal);

    private static bool IsAligned(ulong value, int ours)
    {
        const int word = 4;
        return ours % word != 0 || value % word == 0;
    }
}
