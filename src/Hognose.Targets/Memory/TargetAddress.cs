namespace Hognose.Targets.Memory;

/// <summary>An address in the inspected process. There is no implicit way to a number or to a pointer of ours: the mistake does not compile.</summary>
public readonly record struct TargetAddress(ulong Value) : IComparable<TargetAddress>
{
    public static readonly TargetAddress Null;

    public bool IsNull => Value == 0;

    public int CompareTo(TargetAddress other) => Value.CompareTo(other.Value);

    public static TargetAddress operator +(TargetAddress address, long offset) => new(unchecked(address.Value + (ulong)offset));

    public static TargetAddress operator -(TargetAddress address, long offset) => new(unchecked(address.Value - (ulong)offset));

    public static bool operator <(TargetAddress left, TargetAddress right) => left.Value < right.Value;

    public static bool operator >(TargetAddress left, TargetAddress right) => left.Value > right.Value;

    public static bool operator <=(TargetAddress left, TargetAddress right) => left.Value <= right.Value;

    public static bool operator >=(TargetAddress left, TargetAddress right) => left.Value >= right.Value;

    public override string ToString() => $"0x{Value:x}";
}
