using Hognose.Formats.Ring;
using Hognose.Recording.Ledger;
using Hognose.Recording.Replay;

namespace Hognose.Recording.Ring;

/// <summary>
/// The tool's end of the ring: answers the agent's hello, takes events as they come, says by a heartbeat that it lives.
/// The region belongs to the caller and must outlive this; everything in it but our own cache line may be anything.
/// </summary>
public sealed unsafe class RingFollower : IDisposable
{
    /// <summary>Room is given back to the program this often, and the heartbeat beats. 24 KiB of events, which stay in the core's first cache.</summary>
    private const ulong BatchEvents = 1024;

    private readonly byte* _region;
    private readonly RingHeader* _ring;
    private readonly ILayoutSource _layouts;

    /// <summary>Events are read from the ring once: the program may change one between two looks.</summary>
    private readonly AllocationEvent[] _batch = new AllocationEvent[BatchEvents];
    private ulong _tail;

    /// <summary>The event before <see cref="_tail"/>, an allocation, when it was taken before its time (<see cref="TakeLast"/>); null: it cannot change any more.</summary>
    private AllocationEvent? _early;

    public RingFollower(byte* region, ILayoutSource layouts)
    {
        _region = region;
        _ring = (RingHeader*)region;
        _layouts = layouts;
        Ledger = new AllocationLedger((uint)RingShape.Nodes);
        SampleBytes = (long)Math.Min(_ring->SampleBytes, long.MaxValue);
    }

    public AllocationLedger Ledger { get; }

    /// <summary>Bytes a sample on average; 0: every block is told.</summary>
    public long SampleBytes { get; }

    /// <summary>Is told the same events; null while every block is told.</summary>
    public SampleLedger? Samples { get; set; }

    /// <summary>Is called after each batch of events.</summary>
    public Action? BatchTaken { get; set; }

    /// <summary>Why the interpreter was refused; empty while it was not.</summary>
    public string Refusal { get; private set; } = "";

    public RingFacts Facts => RingFacts.Read(_ring);

    public AttachAnswer Answer => (AttachAnswer)Volatile.Read(ref *(uint*)&_ring->AttachAnswer);

    internal byte* Region => _region;

    /// <summary>The agent tells of it only when all its events are in the ring.</summary>
    public bool IsHeld => _ring->HeldAtTearDown != 0 && _ring->TearDownAnswered == 0 && Volatile.Read(ref _ring->Head) == _tail;

    public void LetGo() => Volatile.Write(ref _ring->TearDownAnswered, 1);

    /// <summary>Takes what there is, and returns how many events that were.</summary>
    public ulong Drain()
    {
        Beat();
        if (_ring->AgentState == AgentState.Hello && _ring->LayoutState == LayoutState.Unknown)
            AnswerHello();
        var head = Volatile.Read(ref _ring->Head);
        var written = Volatile.Read(ref _ring->Written); // Behind the head: what the ring has came after the early one.
        Settle(written);
        // A head beyond the ring is not the agent's: the program overwrote it. What was never written is all zeros, "no event".
        var there = head <= _tail ? 0 : Math.Min(head - _tail, RingShape.Events);
        for (var left = there; left > 0;)
            left -= TakeBatch(left);
        return there > 0 ? there : TakeStaged(written);
    }

    /// <summary>Takes what was staged and never went into the ring. The program has ended, or it would still write there.</summary>
    public void DrainStage()
    {
        Settle(_ring->Written);
        var staged = Math.Min(_ring->Written - _tail, RingHeader.StageEvents);
        var first = _tail % RingHeader.StageEvents;
        if (staged > 0 && first + staged <= RingHeader.StageEvents)
            Apply(Copied(_ring->Stage, (int)first, (int)staged));
        _tail += staged;
    }

    /// <summary>
    /// Of a program that has little to tell, or samples only: it would else be told late when blocks were allocated. The last event may yet be made a
    /// <see cref="EventKind.Temporary"/>; of samples none is. The agent may begin the stage anew meanwhile, but puts what was there into the ring first: what
    /// was copied counts if the head has not gone beyond it.
    /// </summary>
    private ulong TakeStaged(ulong written)
    {
        var staged = (SampleBytes > 0 || written == 0 ? written : written - 1) - _tail;
        var first = _tail % RingHeader.StageEvents;
        if (written <= _tail || staged == 0 || staged > RingHeader.StageEvents - first)
            return 0;
        var copy = Copied(_ring->Stage, (int)first, (int)staged);
        Thread.MemoryBarrier();
        if (Volatile.Read(ref _ring->Head) > _tail)
            return 0;
        // Taken out of a full stage just before the head moves: the ring has it.
        if (copy[^1].Kind == EventKind.None)
            copy = copy[..^1];
        Apply(copy);
        _tail += (ulong)copy.Length;
        return (ulong)copy.Length;
    }

    /// <summary>
    /// Takes the last event, too, which <see cref="Drain"/> leaves: who looks at a program or marks a moment wants to know all that it did. Should the agent still make it a
    /// <see cref="EventKind.Temporary"/>, its block is freed when that is seen.
    /// </summary>
    public void TakeLast()
    {
        if (Volatile.Read(ref _ring->Written) != _tail + 1 || At(_tail) is not { Kind: not EventKind.None } last)
            return;
        Apply([last]);
        _tail++;
        _early = last.Kind == EventKind.Allocate ? last : null;
    }

    /// <param name="written">As it was before this look at the early event: if another had come after it then, it is what it will be.</param>
    private void Settle(ulong written)
    {
        if (_early is not { } early)
            return;
        var isFreed = At(_tail - 1) is { Kind: EventKind.Temporary } now && now.Address == early.Address;
        if (isFreed)
            Apply([new AllocationEvent { Word0 = AllocationEvent.PackWord0(early.Address, EventKind.Free, early.Domain), Word1 = AllocationEvent.PackWord1(0, early.Thread) }]);
        if (isFreed || written != _tail)
            _early = null;
    }

    /// <summary>An event that the program may not write over yet, wherever it is.</summary>
    private AllocationEvent At(ulong index)
    {
        if (Volatile.Read(ref _ring->Head) <= index)
        {
            var staged = Copied(_ring->Stage, (int)(index % RingHeader.StageEvents), 1)[0];
            Thread.MemoryBarrier();
            // Taken out of a full stage just before the head moves: the ring has it.
            if (Volatile.Read(ref _ring->Head) <= index && staged.Kind != EventKind.None)
                return staged;
        }
        return Copied(RingShape.EventsOf(_region), (int)(index & (RingShape.Events - 1)), 1)[0];
    }

    private ReadOnlySpan<AllocationEvent> Copied(void* events, int start, int count)
    {
        new ReadOnlySpan<AllocationEvent>((AllocationEvent*)events + start, count).CopyTo(_batch);
        return _batch.AsSpan(0, count);
    }

    private void Apply(ReadOnlySpan<AllocationEvent> events)
    {
        Ledger.Apply(events);
        Samples?.Apply(events, Ledger.Now);
    }

    /// <summary>Says that the tool lives, while it has no time for events.</summary>
    public void Beat() => Volatile.Write(ref _ring->Heartbeat, _ring->Heartbeat + 1);

    public void Dispose() => Ledger.Dispose();

    private ulong TakeBatch(ulong left)
    {
        var start = _tail & (RingShape.Events - 1);
        var batch = Math.Min(Math.Min(left, BatchEvents), RingShape.Events - start);
        Apply(Copied(RingShape.EventsOf(_region), (int)start, (int)batch));
        _tail += batch;
        Volatile.Write(ref _ring->Tail, _tail);
        Beat();
        BatchTaken?.Invoke();
        return batch;
    }

    private void AnswerHello()
    {
        if (_layouts.TryGet(_ring->PythonVersion, _ring->BuildFlags, out var layout, out var reason))
        {
            _ring->Layout = layout;
            Volatile.Write(ref *(uint*)&_ring->LayoutState, (uint)LayoutState.Ready);
            return;
        }
        Refusal = reason;
        Volatile.Write(ref *(uint*)&_ring->LayoutState, (uint)LayoutState.Refused);
    }
}
