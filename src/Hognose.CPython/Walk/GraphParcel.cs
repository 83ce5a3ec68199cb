using System.Runtime.InteropServices;
using Hognose.Diagnostics;

namespace Hognose.CPython.Walk;

/// <summary>The edges of a run of nodes, read by one worker.</summary>
internal sealed unsafe class GraphParcel(int from, int to, BudgetShare budget) : IDisposable
{
    public BudgetShare Budget = budget;

    private uint* _edges;
    private long _capacity;
    private long _claimed;

    public int From => from;

    public int To => to;

    /// <summary>Of this worker; merged when all are done.</summary>
    public DiagnosticBag Trouble { get; } = new();

    public long Count { get; private set; }

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
        if (Count == _capacity)
            Grow();
        _edges[Count++] = edge;
    }

    public void CopyTo(Span<uint> destination) => new ReadOnlySpan<uint>(_edges, (int)Count).CopyTo(destination);

    public void Dispose()
    {
        NativeMemory.Free(_edges);
        _edges = null;
    }

    private void Grow()
    {
        _capacity = Math.Max(1 << 12, _capacity * 2);
        _edges = (uint*)NativeMemory.Realloc(_edges, (nuint)_capacity * sizeof(uint));
    }
}

/// <summary>Whether ascending addresses lie within ascending spans: a cursor, not a search.</summary>
internal struct AscendingSpans(IReadOnlyList<(ulong Low, ulong High)> spans)
{
    private int _next;

    public bool Contains(ulong address)
    {
        while (_next < spans.Count && spans[_next].High <= address)
            _next++;
        return _next < spans.Count && spans[_next].Low <= address;
    }
}
