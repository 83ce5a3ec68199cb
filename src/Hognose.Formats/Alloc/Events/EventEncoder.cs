using System.Runtime.CompilerServices;
using System.Text;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Events;

/// <summary>
/// What happened, as columns of small numbers. Blocks have slots in place of addresses: the one given up last is taken next, so both sides
/// know where a block goes and only a free names a slot. All that is told twice (site, thread, time) is told once.
/// </summary>
/// <param name="stackOfNode">From the caller's name of a stack to its number among the recording's; asked once a site.</param>
public sealed class EventEncoder(Func<uint, int> stackOfNode)
{
    private const int DomainShift = 48;
    private const int FirstSlots = 4096;
    private const int MostOfABatch = 1 << 16;

    private readonly EventColumn _codes = new();
    private readonly EventColumn _slots = new();
    private readonly EventColumn _sitesTold = new();
    private readonly EventColumn _notes = new();
    private readonly EventColumn _note = new();
    private readonly SiteBook _sites = new();
    private uint[] _free = new uint[FirstSlots];
    private int _freeCount;
    private uint _used;
    private uint _lastSlot;
    private int _thread = -1;
    private long _now;

    /// <summary>Bytes of what was not taken yet.</summary>
    public int Pending => _codes.Length + _slots.Length + _sitesTold.Length + _notes.Length;

    /// <summary>A batch more might need more slots than a reader accepts: no events may follow but <see cref="NoMore"/>.</summary>
    public bool IsFull => _used > EventCode.MaximumSlots - MostOfABatch;

    /// <summary>Nanoseconds since the recording began: what is told from here on happened then.</summary>
    public void Tell(long now)
    {
        if (now <= _now)
            return;
        _note.Long((ulong)(now - _now));
        _now = now;
        Note(NoteKind.Moment);
    }

    /// <summary>Returns the block's slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Allocate(uint node, ulong size, int domain, ushort thread)
    {
        if (thread != _thread)
            Switch(thread);
        var isNew = _sites.IsNew(node, size | ((ulong)domain << DomainShift), out var place);
        if (isNew)
            TellSite(EventCode.AllocateAtNewSite, node, size, domain);
        else
            _codes.Number(EventCode.FirstSite + ((uint)place * 2));
        return _freeCount > 0 ? _free[--_freeCount] : NewSlot();
    }

    public void Temporary(uint node, ulong size, int domain, ushort thread)
    {
        if (thread != _thread)
            Switch(thread);
        if (_sites.IsNew(node, size | ((ulong)domain << DomainShift), out var place))
            TellSite(EventCode.TemporaryAtNewSite, node, size, domain);
        else
            _codes.Number(EventCode.FirstSite + ((uint)place * 2) + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free(uint slot) => Release(EventCode.Free, slot);

    public void Move(uint slot) => Release(EventCode.Move, slot);

    public void UnknownFree(bool isNative)
    {
        if (isNative)
            Note(NoteKind.UnknownNativeFree);
        else
            _codes.Number(EventCode.UnknownFree);
    }

    /// <summary>Takes back a move of a block that was never known.</summary>
    public void UnknownMoveFailed(bool isNative)
    {
        _note.Number(isNative ? 2u : 0);
        Note(NoteKind.MoveFailed);
    }

    /// <summary>Some pages of a mapping are gone, not all. Returns the slot of what is left behind them.</summary>
    /// <param name="slot">The mapping's, and that of what is left if it is in one piece.</param>
    /// <param name="left">Bytes before them.</param>
    /// <param name="right">Bytes behind them.</param>
    public uint Cut(uint slot, long left, long right)
    {
        _note.Number(slot);
        _note.Long((ulong)left);
        _note.Long((ulong)right);
        Note(NoteKind.Cut);
        return left == 0 || right == 0 ? slot : _freeCount > 0 ? _free[--_freeCount] : NewSlot();
    }

    /// <summary>Takes back a move. Returns the block's new slot.</summary>
    /// <param name="node">Of its allocation, as all that follows.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="domain">Allocator.</param>
    /// <param name="thread">Who allocated it.</param>
    /// <param name="allocationsSince">Of that thread.</param>
    /// <param name="age">Nanoseconds.</param>
    public uint MoveFailed(uint node, ulong size, int domain, ushort thread, long allocationsSince, long age)
    {
        _note.Number(1);
        _note.Number(thread);
        WriteSite(_note, node, size, domain);
        _note.Long((ulong)allocationsSince);
        _note.Long((ulong)age);
        Note(NoteKind.MoveFailed);
        return _freeCount > 0 ? _free[--_freeCount] : NewSlot();
    }

    /// <summary>A block whose free was not seen: another came to life at its address.</summary>
    public void Replace(uint slot, bool isNative)
    {
        _note.Number(slot);
        if (isNative)
            _note.Number(1);
        Note(NoteKind.Replaced);
        GiveBack(slot);
    }

    public void Fork() => Note(NoteKind.Fork);

    public void TearDown() => Note(NoteKind.TearDown);

    /// <param name="bytes">-1: not known.</param>
    public void Resident(long bytes)
    {
        _note.Long((ulong)(Math.Max(-1, bytes) + 1));
        Note(NoteKind.Resident);
    }

    public void NameThread(int index, long kernelId, string name)
    {
        _note.Number((uint)index);
        _note.Long((ulong)Math.Max(0, kernelId));
        _note.Raw(Encoding.UTF8.GetBytes(name));
        Note(NoteKind.ThreadName);
    }

    public void Mark(string name)
    {
        _note.Raw(Encoding.UTF8.GetBytes(name));
        Note(NoteKind.Mark);
    }

    /// <param name="reason">A clause.</param>
    public void NoMore(string reason)
    {
        _note.Raw(Encoding.UTF8.GetBytes(reason));
        Note(NoteKind.NoMore);
    }

    /// <summary>Puts what is there into a block and begins anew.</summary>
    internal void Take(PayloadWriter payload)
    {
        foreach (var column in (ReadOnlySpan<EventColumn>)[_codes, _slots, _sitesTold, _notes])
            payload.Count(column.Length);
        foreach (var column in (ReadOnlySpan<EventColumn>)[_codes, _slots, _sitesTold, _notes])
        {
            payload.Raw(column.Written);
            column.Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Release(uint code, uint slot)
    {
        _codes.Number(code);
        var step = (int)(slot - _lastSlot);
        _slots.Number((uint)((step << 1) ^ (step >> 31)));
        _lastSlot = slot;
        GiveBack(slot);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GiveBack(uint slot)
    {
        if (_freeCount == _free.Length)
            Array.Resize(ref _free, _free.Length * 2);
        _free[_freeCount++] = slot;
    }

    private void Switch(ushort thread)
    {
        _thread = thread;
        _note.Number(thread);
        Note(NoteKind.Thread);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellSite(uint code, uint node, ulong size, int domain)
    {
        _codes.Number(code);
        WriteSite(_sitesTold, node, size, domain);
    }

    private void WriteSite(EventColumn column, uint node, ulong size, int domain)
    {
        column.Number((uint)stackOfNode(node));
        column.Long(size);
        column.Number((uint)domain);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint NewSlot() => _used++;

    private void Note(NoteKind kind)
    {
        _codes.Number(EventCode.Note);
        _notes.Number((uint)kind);
        _notes.Number((uint)_note.Length);
        _notes.Raw(_note.Written);
        _note.Clear();
    }
}
