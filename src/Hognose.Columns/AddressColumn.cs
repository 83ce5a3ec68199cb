using System.Collections;
using System.Runtime.CompilerServices;

namespace Hognose.Columns;

/// <summary>
/// Ascending addresses, four bytes each: every run of 65,536 has a base, and each of the run its distance from it. A run that spans 4 GiB or more (where one
/// mapping ends and another begins far away) keeps whole addresses.
/// </summary>
[CollectionBuilder(typeof(AddressColumn), nameof(Of))]
public sealed class AddressColumn : IReadOnlyList<ulong>
{
    private const int RunShift = 16;
    private const int RunLength = 1 << RunShift;
    private const int InRun = RunLength - 1;
    private const int FirstRoom = 1 << 8;

    private Run[] _runs = [];
    private ulong _last;

    /// <summary>Of the run that is being filled, while it is near and has room: what most additions need.</summary>
    private uint[] _open = [];
    private ulong _openBase;

    public int Length { get; private set; }

    int IReadOnlyCollection<ulong>.Count => Length;

    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    public ulong this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length, nameof(index));
            ref readonly var run = ref _runs[index >> RunShift];
            return run.Near is { } near ? run.Base + near[index & InRun] : run.Far![index & InRun];
        }
    }

    /// <exception cref="ArgumentException">They do not ascend.</exception>
    public static AddressColumn Of(ReadOnlySpan<ulong> addresses)
    {
        var column = new AddressColumn();
        foreach (var address in addresses)
            column.Add(address);
        return column;
    }

    /// <exception cref="ArgumentException">It does not lie above the last one.</exception>
    public void Add(ulong address)
    {
        if (Length > 0 && address <= _last)
            throw new ArgumentException($"0x{address:x} does not ascend", nameof(address));
        var at = Length & InRun;
        var distance = address - _openBase;
        if (at != 0 && at < _open.Length && distance <= uint.MaxValue)
            _open[at] = (uint)distance;
        else
            AddToRun(at, address);
        _last = address;
        Length++;
    }

    /// <summary>Many at once: those that fit the open run cost a store each.</summary>
    /// <exception cref="ArgumentException">They do not ascend.</exception>
    public void AddAll(ReadOnlySpan<ulong> addresses)
    {
        while (!addresses.IsEmpty)
        {
            Add(addresses[0]);
            addresses = addresses[1..];
            addresses = addresses[AddToOpen(addresses)..];
        }
    }

    /// <returns>How many of them fitted.</returns>
    private int AddToOpen(ReadOnlySpan<ulong> addresses)
    {
        var at = Length & InRun;
        var room = at == 0 ? [] : _open.AsSpan(Math.Min(at, _open.Length));
        var (last, origin, count) = (_last, _openBase, 0);
        for (; count < room.Length && count < addresses.Length; count++)
        {
            var address = addresses[count];
            if (address <= last || address - origin > uint.MaxValue)
                break;
            room[count] = (uint)((last = address) - origin);
        }
        (_last, Length) = (last, Length + count);
        return count;
    }

    /// <summary>The place of an address, by binary search; if it is not there, the complement of the place of the next larger one.</summary>
    public int Search(ulong address)
    {
        var (low, high) = (0, Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var found = this[middle];
            if (found == address)
                return middle;
            if (found < address)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }

    public IEnumerator<ulong> GetEnumerator()
    {
        for (var i = 0; i < Length; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void AddToRun(int at, ulong address)
    {
        if (at == 0)
            BeginRun(address);
        ref var run = ref _runs[Length >> RunShift];
        if (run.Near is not null && address - run.Base > uint.MaxValue)
            run.Widen(at);
        if (at == run.Room)
            run.Grow(Math.Min(at * 2, RunLength));
        if (run.Near is { } near)
            near[at] = (uint)(address - run.Base);
        else
            run.Far![at] = address;
        (_open, _openBase) = (run.Near ?? [], run.Base);
    }

    private void BeginRun(ulong address)
    {
        var number = Length >> RunShift;
        if (number == _runs.Length)
            Array.Resize(ref _runs, Math.Max(4, number * 2));
        // Whatever has one whole run will most likely have another.
        _runs[number] = new Run { Base = address, Near = new uint[number == 0 ? FirstRoom : RunLength] };
    }

    private struct Run
    {
        public ulong Base;
        public uint[]? Near;
        public ulong[]? Far;

        public readonly int Room => Near?.Length ?? Far!.Length;

        public void Grow(int room)
        {
            if (Near is not null)
                Array.Resize(ref Near, room);
            else
                Array.Resize(ref Far, room);
        }

        public void Widen(int used)
        {
            Far = new ulong[Near!.Length];
            for (var i = 0; i < used; i++)
                Far[i] = Base + Near[i];
            Near = null;
        }
    }
}
