using Hognose.Formats.Alloc;
using Hognose.Formats.Alloc.Events;
using Hognose.Formats.Ring;
using Hognose.Recording.Ledger;

namespace Hognose.Recording.Replay;

/// <summary>Adds up a recording of samples while it goes on, by the same tally that a replay of its file uses. Samples are few: nothing here need be fast.</summary>
/// <param name="weights">What a sample stands for.</param>
/// <param name="stackOf">From a node of the agent's to the recording's stack.</param>
public sealed class SampleLedger(SampleWeights weights, Func<uint, int> stackOf)
{
    private readonly WindowTally _tally = new(new ReplayQuery()) { Weights = weights };
    private readonly Dictionary<ulong, EventBlock> _live = [];
    private readonly LiveMappings _mappings = new();

    /// <summary>By thread: the block that its realloc under way gave up.</summary>
    private readonly Dictionary<ushort, (ulong Address, EventBlock Block)> _moving = [];

    /// <summary>What is held now, as estimated.</summary>
    public long HeapBytes => _tally.HeapBytes;

    public void Apply(ReadOnlySpan<AllocationEvent> events, long now)
    {
        _ = _tally.Moment(now);
        foreach (ref readonly var e in events)
            Apply(in e);
    }

    public void Resident(long now, long bytes)
    {
        _ = _tally.Moment(now);
        _tally.Resident(bytes);
    }

    public void NameThread(int index, long kernelId, string name) => _tally.NameThread(index, kernelId, name);

    /// <param name="facts">What is not added up here is taken from them.</param>
    /// <param name="stacks">All of them.</param>
    public RecordingSummary ToSummary(RecordingFacts facts, StackTable stacks) => _tally.ToSummary(facts, stacks);

    private void Apply(in AllocationEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.Allocate:
                Allocate(in e);
                break;
            case EventKind.Temporary:
                Allocate(in e);
                Free(in e);
                break;
            case EventKind.Free:
                Free(in e);
                break;
            case EventKind.Move:
                Move(in e);
                break;
            case EventKind.MoveFailed:
                MoveBack(in e);
                break;
            case EventKind.Map:
                _mappings.Cut(e.Address, e.Size, Cut);
                var mapped = BlockOf(in e);
                _mappings.Add(LiveMapping.Of(e.Address, e.Size, (uint)mapped.Site.Stack) with { Thread = e.Thread });
                _tally.Allocate(in mapped);
                break;
            case EventKind.Unmap:
                _mappings.Cut(e.Address, e.Size, Cut);
                break;
            case EventKind.Fork:
                _tally.Fork();
                break;
            case EventKind.TearDown:
                _tally.TearDown();
                break;
            default: // Threads are named by the session.
                break;
        }
    }

    private void Allocate(in AllocationEvent e)
    {
        if (_live.Remove(e.Address, out var replaced))
            _tally.Replace(in replaced, isNative: e.Domain == AllocatorDomain.Native || replaced.Site.Domain == (byte)AllocatorDomain.Native);
        var block = BlockOf(in e);
        _live[e.Address] = block;
        _tally.Allocate(in block);
    }

    private void Free(in AllocationEvent e)
    {
        if (_live.Remove(e.Address, out var block))
            _tally.Free(in block, uint.MaxValue);
        else if (!e.IsInnerFree)
            _tally.UnknownFree(e.Domain == AllocatorDomain.Native);
    }

    private void Move(in AllocationEvent e)
    {
        var isKnown = _live.Remove(e.Address, out var block);
        if (isKnown)
            _tally.Move(in block);
        else
            _tally.UnknownFree(e.Domain == AllocatorDomain.Native);
        _moving[e.Thread] = (isKnown ? e.Address : 0, block);
    }

    private void MoveBack(in AllocationEvent e)
    {
        if (_moving.Remove(e.Thread, out var moving) && moving.Address == e.Address && _live.TryAdd(e.Address, moving.Block))
            _tally.MoveFailed(in moving.Block);
        else
            _tally.UnknownMoveFailed(e.Domain == AllocatorDomain.Native);
    }

    private uint Cut(LiveMapping mapping, long left, long right)
    {
        var block = new EventBlock { Site = new EventSite(mapping.Bytes, (int)mapping.Stack, (byte)AllocatorDomain.Mapping), Thread = mapping.Thread };
        if (left + right == 0)
            _tally.Free(in block, uint.MaxValue);
        else
            _tally.Cut(in block, left, right);
        return 0;
    }

    private EventBlock BlockOf(in AllocationEvent e) => new()
    {
        Site = new EventSite((long)e.Size, stackOf(e.Stack), (byte)e.Domain),
        Born = _tally.Now,
        Thread = e.Thread,
    };
}
