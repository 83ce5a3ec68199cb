using Hognose.CPython.Runtime;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Tracing;

/// <summary>Reads the tables of a running tracemalloc in a copy of its process: what it traced and was not freed, by stack.</summary>
/// <remarks>
/// Diagnostics: HG0601 a table says another number of entries than it has; HG0602 traces that can't be believed; HG0603 traces whose stack can't be read;
/// HG0604 the sum of all traces is not what tracemalloc counts; HG0605 no table was found.
/// </remarks>
public sealed class TracemallocReader
{
    public const string OtherCount = "HG0601";
    public const string BadTrace = "HG0602";
    public const string BadStack = "HG0603";
    public const string OtherSum = "HG0604";
    public const string NoTable = "HG0605";

    /// <summary>The key of a table of several domains in 3.8: an address and four bytes.</summary>
    private const ulong KeyWithDomain = 12;

    private readonly WalkContext _context;
    private readonly TracemallocPlaces _places;
    private readonly CancellationToken _cancellation;
    private readonly StackBook _stacks;
    private readonly List<long> _bytes = [];
    private readonly List<long> _blocks = [];
    private readonly SortedDictionary<uint, (long Bytes, long Blocks)> _domains = [];
    private long _all;
    private bool _isTorn;

    private TracemallocReader(WalkContext context, TracemallocPlaces places, CancellationToken cancellation)
    {
        (_context, _places, _cancellation) = (context, places, cancellation);
        _stacks = new StackBook(context);
    }

    /// <param name="copy">Of the process.</param>
    /// <param name="python">With the layout that fits.</param>
    /// <param name="places">Of that layout.</param>
    /// <param name="limits">On what is believed.</param>
    /// <param name="trouble">Receives what could not be read.</param>
    /// <param name="cancellation">Ends it.</param>
    public static TracedMemory Read(
        FrozenMemory copy, IReadOnlyList<MemoryRegion> regions, PythonRuntime python, TracemallocPlaces places, Limits limits, DiagnosticBag trouble,
        CancellationToken cancellation)
    {
        var context = new WalkContext(copy, regions, python.Layout, python.Build.Version, limits, trouble);
        return new TracemallocReader(context, places, cancellation).Read();
    }

    private TracedMemory Read()
    {
        var (traces, domains) = Tables();
        if (traces is not null)
            ReadTraces(traces, 0);
        foreach (var entry in domains?.Entries() ?? [])
            if (HashTable.TryOpen(_context, domains!.Value(entry)) is { } table)
                ReadTraces(table, (uint)domains.Key(entry));
        var counted = Word(_places.TracedBytes);
        if (counted >= 0 && counted != _all)
            Tear(OtherSum, $"tracemalloc counts {counted} bytes, its traces come to {_all}");
        return new TracedMemory(
            _stacks.ToTable(),
            Column(_bytes),
            Column(_blocks),
            [.. _domains.Select(each => new TracedDomain(each.Key, each.Value.Bytes, each.Value.Blocks))],
            _places.FramesKept(_context.Memory, _context.Layout),
            _stacks.CutStacks,
            Word(_places.PeakBytes),
            counted,
            _isTorn);
    }

    private (HashTable? Traces, HashTable? Domains) Tables()
    {
        if (_places.Traces.IsNull)
        {
            var found = new TraceSearch(_context).Find();
            if (found.Traces is null)
                _context.Diagnostics.Add(NoTable, "no table of traces was found: tracemalloc has traced nothing, or does not run");
            return found;
        }
        var traces = HashTable.TryOpen(_context, _context.Memory.U64(_places.Traces.Value));
        if (traces is null)
            Tear(NoTable, "the table of traces is not where it should be");
        return (traces, _places.Domains.IsNull ? null : HashTable.TryOpen(_context, _context.Memory.U64(_places.Domains.Value)));
    }

    private void ReadTraces(HashTable table, uint domain)
    {
        var found = 0UL;
        foreach (var entry in table.Entries())
        {
            if (found++ % 65536 == 0)
                _cancellation.ThrowIfCancellationRequested();
            Add(Trace.TryRead(_context, table.Value(entry)), table.KeyBytes == KeyWithDomain ? table.SecondKey(entry) : domain);
        }
        if (found != table.ClaimedEntries)
            Tear(OtherCount, $"a table of traces has {found} entries and says {table.ClaimedEntries}");
    }

    private void Add(Trace? found, uint domain)
    {
        // The sum of a file's figures must stay below 2^63.
        if (found is not { } trace || _all > long.MaxValue / 16)
        {
            _context.Diagnostics.Add(BadTrace, "a trace that can't be read, or of more bytes than an address space has");
            return;
        }
        var stack = _stacks.StackOf(trace.Traceback);
        if (stack == StackBook.None)
        {
            _context.Diagnostics.Add(BadStack, $"the stack at 0x{trace.Traceback:x} can't be read: its block stands under no Python code");
            stack = 0;
        }
        while (_bytes.Count < _stacks.Count)
        {
            _bytes.Add(0);
            _blocks.Add(0);
        }
        _bytes[stack] += trace.Size;
        _blocks[stack]++;
        _all += trace.Size;
        var former = _domains.GetValueOrDefault(domain);
        _domains[domain] = (former.Bytes + trace.Size, former.Blocks + 1);
    }

    private void Tear(string id, string what)
    {
        _isTorn = true;
        _context.Diagnostics.Add(id, what);
    }

    private long[] Column(List<long> figures) => [.. figures, .. new long[_stacks.Count - figures.Count]];

    /// <summary>-1: not known.</summary>
    private long Word(TargetAddress address) => address.IsNull ? -1 : Math.Max(-1, _context.Memory.I64(address.Value));
}
