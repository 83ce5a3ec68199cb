using Hognose.CPython.Walk;

namespace Hognose.CPython.Naming;

/// <summary>An int of the target: from 3.12 on its sign and the number of its digits stand in a tag (Include/internal/pycore_long.h), before that in its size.</summary>
internal sealed class IntValues(WalkContext context)
{
    public const int DigitBits = 30;
    public const int MostDigits = 2;

    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _digits = context.Layout.PyLongObject.ob_digit;
    private readonly int _tag = context.Layout.PyLongObject.lv_tag;

    /// <summary>Bytes that are read at most.</summary>
    public ulong Size => (ulong)_digits + (MostDigits * sizeof(uint));

    public long DigitsOf(ulong address) => _tag >= 0
        ? (long)(context.Memory.U64(address + (ulong)_tag) >> 3)
        : TargetWords.Magnitude(context.Memory.I64(address + (ulong)_count));

    public bool IsNegative(ulong address) => _tag >= 0
        ? (context.Memory.U64(address + (ulong)_tag) & 3) == 2
        : context.Memory.I64(address + (ulong)_count) < 0;

    /// <summary>Without the sign; of an int of more than <see cref="MostDigits"/> the lowest 60 bits.</summary>
    public ulong MagnitudeOf(ulong address)
    {
        ulong value = 0;
        for (var i = 0; i < Math.Min(DigitsOf(address), MostDigits); i++)
            value |= (ulong)context.Memory.U32(address + (ulong)(_digits + (i * sizeof(uint)))) << (i * DigitBits);
        return value;
    }
}
