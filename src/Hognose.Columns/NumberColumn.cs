using System.Collections;
using System.Runtime.CompilerServices;

namespace Hognose.Columns;

/// <summary>
/// Numbers of 64 bits, nearly all of which fit 16: two bytes an entry, and those that do not fit in a table beside them; where these are many after all, eight
/// bytes an entry more. Different entries may be set by several threads at once.
/// </summary>
[CollectionBuilder(typeof(NumberColumn), nameof(Of))]
public sealed class NumberColumn : IReadOnlyList<long>
{
    /// <summary>The smallest and the largest number that take two bytes.</summary>
    public const short LeastNear = short.MinValue + 1;
    public const short MostNear = short.MaxValue;

    /// <summary>The entry's number is in the table.</summary>
    private const short Far = short.MinValue;

    /// <summary>An entry of the table takes some forty bytes: from this part of all entries on, an array is smaller.</summary>
    private const int PartInTable = 8;

    private readonly Lock _farLock = new();
    private readonly Dictionary<int, long> _far = [];
    private short[] _near;
    private long[]? _wide;

    /// <summary>A column of zeros.</summary>
    public NumberColumn(int length) => _near = new short[length];

    public int Length => _near.Length;

    int IReadOnlyCollection<long>.Count => _near.Length;

    /// <exception cref="IndexOutOfRangeException">There is no such entry.</exception>
    public long this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _near[index] is var near && near != Far ? near : FarOf(index);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            if (value is >= LeastNear and <= MostNear && _near[index] != Far)
                _near[index] = (short)value;
            else
                SetFar(index, value);
        }
    }

    public static NumberColumn Of(ReadOnlySpan<long> numbers)
    {
        var column = new NumberColumn(numbers.Length);
        for (var i = 0; i < numbers.Length; i++)
            column[i] = numbers[i];
        return column;
    }

    /// <summary>Makes it longer, by zeros, or shorter.</summary>
    public void Resize(int length)
    {
        for (var i = length; i < _near.Length && _far.Count > 0; i++)
            _far.Remove(i);
        Array.Resize(ref _near, length);
        if (_wide is not null)
            Array.Resize(ref _wide, length);
    }

    public long Sum()
    {
        long sum = 0;
        for (var i = 0; i < _near.Length; i++)
            sum += this[i];
        return sum;
    }

    public IEnumerator<long> GetEnumerator()
    {
        for (var i = 0; i < Length; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long FarOf(int index)
    {
        lock (_farLock)
            return _wide is not null ? _wide[index] : _far[index];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SetFar(int index, long value)
    {
        lock (_farLock)
        {
            if (_wide is null && _far.Count >= _near.Length / PartInTable)
                Widen();
            if (_wide is not null)
                _wide[index] = value;
            else
                _far[index] = value;
        }
        _near[index] = Far;
    }

    private void Widen()
    {
        _wide = new long[_near.Length];
        foreach (var (index, number) in _far)
            _wide[index] = number;
        _far.Clear();
    }
}
