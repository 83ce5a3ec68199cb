namespace Hognose.CPython.Resident;

/// <summary>Bytes of blocks, which are multiples of 16: two bytes each, and what has 1 MiB or more in a table.</summary>
internal sealed class BlockSizes
{
    private const int UnitShift = 4;
    private const int RunShift = 16;
    private const int InRun = (1 << RunShift) - 1;

    /// <summary>The block's size is in the table.</summary>
    private const ushort Large = ushort.MaxValue;

    private readonly List<ushort[]> _runs = [];
    private readonly Dictionary<int, ulong> _large = [];
    private ushort[] _open = [];
    private int _count;

    public ulong this[int block] => _runs[block >> RunShift][block & InRun] is var units && units != Large ? (ulong)units << UnitShift : _large[block];

    public void Add(ulong bytes)
    {
        if ((_count & InRun) == 0)
            _runs.Add(_open = new ushort[1 << RunShift]);
        var units = bytes >> UnitShift;
        if (units >= Large)
            _large[_count] = bytes;
        _open[_count++ & InRun] = (ushort)Math.Min(units, Large);
    }
}
