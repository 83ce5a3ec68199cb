using Hognose.Targets.Copying;

namespace Hognose.CPython.Resident;

/// <summary>
/// Gives blocks to who owns them. Of millions nearly all lie among pages that are in memory, of one mapping: those are added up by owner's number, and the
/// painter is told the sums.
/// </summary>
internal sealed class BlockPainter
{
    private readonly ResidentPainter _painter;
    private readonly BlockOwners _owners;
    private readonly (long Bytes, long Count)[] _sums;

    /// <summary>Owners with a sum, in the order in which they came.</summary>
    private readonly List<int> _met = [];
    private PageRun _run;
    private int _region;

    public BlockPainter(ResidentPainter painter, BlockOwners owners)
    {
        _painter = painter;
        _owners = owners;
        // The first is nobody's.
        _sums = new (long, long)[owners.Count + 1];
    }

    public void Paint(ulong low, ulong high, int owner)
    {
        if (low < _run.Low || high > _run.High)
        {
            Flush();
            _run = _painter.RunAround(low, out _region);
        }
        if (low >= _run.Low && high <= _run.High)
            Add(owner, (long)(high - low));
        else if (_owners[owner] is var (kind, name))
            _painter.Paint(low, high, kind, name, 1);
    }

    /// <summary>To be called after the last block, and before anything else is painted.</summary>
    public void Flush()
    {
        foreach (var owner in _met)
        {
            var (kind, name) = _owners[owner];
            ref var sum = ref _sums[owner + 1];
            _painter.Add(_region, kind, name, sum.Bytes, sum.Count);
            sum = default;
        }
        _met.Clear();
    }

    private void Add(int owner, long bytes)
    {
        ref var sum = ref _sums[owner + 1];
        if (sum.Count == 0)
            _met.Add(owner);
        sum.Bytes += bytes;
        sum.Count++;
    }
}
