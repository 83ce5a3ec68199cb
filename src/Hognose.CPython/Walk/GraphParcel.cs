using Hognose.Diagnostics;

namespace Hognose.CPython.Walk;

/// <summary>The edges of a run of nodes, read by one worker; in chunks, since growing by doubling would touch twice the memory.</summary>
internal sealed class GraphParcel(int from, int to, BudgetShare budget)
{
    public BudgetShare Budget = budget;

    private const int FirstChunk = 1 << 12;
    private const int LargestChunk = 1 << 20;

    private readonly List<uint[]> _full = [];
    private uint[] _chunk = new uint[FirstChunk];
    private int _inChunk;
    private long _beforeChunk;
    private long _claimed;

    public int From => from;

    public int To => to;

    /// <summary>Of this worker; merged when all are done.</summary>
    public DiagnosticBag Trouble { get; } = new();

    /// <summary>Objects that are the storage of another one, and how many of their bytes that one counts.</summary>
    public List<(ulong Address, long Bytes)> Storage { get; } = [];

    public long Count => _beforeChunk + _inChunk;

    /// <summary>False, and nothing is claimed, when the objects so far claim more bytes than all together can have.</summary>
    public bool TryClaim(long bytes, long most)
    {
        if (bytes > most - _claimed)
            return false;
        _claimed += bytes;
        return true;
    }

    public void Add(uint edge)
    {
        if (_inChunk == _chunk.Length)
            BeginChunk();
        _chunk[_inChunk++] = edge;
    }

    public void CopyTo(Span<uint> destination)
    {
        foreach (var chunk in _full)
        {
            chunk.CopyTo(destination);
            destination = destination[chunk.Length..];
        }
        _chunk.AsSpan(0, _inChunk).CopyTo(destination);
    }

    private void BeginChunk()
    {
        _full.Add(_chunk);
        _beforeChunk += _chunk.Length;
        _chunk = GC.AllocateUninitializedArray<uint>(Math.Min(_chunk.Length * 4, LargestChunk));
        _inChunk = 0;
    }
}

/// <summary>Whether ascending addresses lie within ascending spans: a cursor, not a search.</summary>
internal struct AscendingSpans((ulong Low, ulong High)[] spans)
{
    private int _next;

    public bool Contains(ulong address)
    {
        while (_next < spans.Length && spans[_next].High <= address)
            _next++;
        return _next < spans.Length && spans[_next].Low <= address;
    }
}
