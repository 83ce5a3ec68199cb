using System.Runtime.CompilerServices;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Events;

/// <summary>Turns the columns of one block after the other into events again. What a block says is checked; it is refused at the first thing that cannot be.</summary>
internal sealed class EventDecoder
{
    private const int FirstSlots = 4096;
    private const long Nobody = -1;
    private const uint LongAgo = 1u << 30;
    private const long MaximumSize = (1L << 48) - 1;
    private const uint MaximumDomain = 15;

    private readonly uint[] _allocationsOf = new uint[EventCode.Threads];
    private EventSite[] _sites = new EventSite[FirstSlots];
    private EventBlock[] _blocks = new EventBlock[FirstSlots];
    private uint[] _free = new uint[FirstSlots];
    private int _siteCount;
    private int _nextPlace;
    private int _freeCount;
    private uint _used;
    private uint _lastSlot;
    private int _thread;
    private long _now;
    private int _stacks;

    /// <param name="payload">Of one block, the next in order.</param>
    /// <param name="stacks">How many stacks are known.</param>
    /// <param name="sink">Gets the events.</param>
    /// <returns>false: the sink wants no more.</returns>
    /// <exception cref="MalformedPayloadException">The block holds something else; what the sink got until then was whole.</exception>
    public bool Decode<TSink>(ReadOnlySpan<byte> payload, int stacks, ref TSink sink)
        where TSink : struct, IEventSink
    {
        _stacks = stacks;
        var all = new ColumnReader(payload);
        Span<long> lengths = stackalloc long[4];
        foreach (ref var length in lengths)
            length = all.Count();
        var codes = new ColumnReader(all.Slice(lengths[0]));
        var slots = new ColumnReader(all.Slice(lengths[1]));
        var sites = new ColumnReader(all.Slice(lengths[2]));
        var notes = new ColumnReader(all.Slice(lengths[3]));
        if (!all.IsAtEnd)
            throw new MalformedPayloadException("is longer than its columns");
        while (!codes.IsAtEnd)
        {
            var code = codes.Number();
            if (code >= EventCode.FirstSite)
                Allocate(code - EventCode.FirstSite, ref sink);
            else if (code == EventCode.Free)
            {
                ref readonly var block = ref Release(ref slots);
                sink.Free(in block, _allocationsOf[block.Thread] - block.Order);
                Empty(in block);
            }
            else if (!DecodeRare(code, ref slots, ref sites, ref notes, ref sink))
                return false;
        }
        if (!slots.IsAtEnd || !sites.IsAtEnd || !notes.IsAtEnd)
            throw new MalformedPayloadException("has columns that do not belong together");
        return true;
    }

    private bool DecodeRare<TSink>(uint code, ref ColumnReader slots, ref ColumnReader sites, ref ColumnReader notes, ref TSink sink)
        where TSink : struct, IEventSink
    {
        switch (code)
        {
            case EventCode.Move:
                ref readonly var block = ref Release(ref slots);
                sink.Move(in block);
                Empty(in block);
                return true;
            case EventCode.UnknownFree:
                sink.UnknownFree(isNative: false);
                return true;
            case EventCode.Note:
                return DecodeNote(ref notes, ref sink);
            default:
                var place = (uint)AddSite(ReadSite(ref sites));
                Allocate((place * 2) + (code - EventCode.AllocateAtNewSite), ref sink);
                return true;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Allocate<TSink>(uint siteAndBit, ref TSink sink)
        where TSink : struct, IEventSink
    {
        var place = siteAndBit >> 1;
        if (place >= (uint)_siteCount)
            throw new MalformedPayloadException($"names site {place} of {_siteCount}");
        var order = ++_allocationsOf[_thread];
        if ((siteAndBit & 1) != 0)
        {
            sink.Temporary(new EventBlock { Site = _sites[place], Born = _now, Thread = _thread, Order = order });
            return;
        }
        ref var block = ref TakeSlot();
        block.Site = _sites[place];
        block.Born = _now;
        block.Thread = _thread;
        block.Order = order;
        sink.Allocate(in block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref EventBlock TakeSlot()
    {
        if (_freeCount > 0)
            return ref _blocks[_free[--_freeCount]];
        return ref NewSlot();
    }

    private ref EventBlock NewSlot()
    {
        if (_used == _blocks.Length)
        {
            if (_used >= EventCode.MaximumSlots)
                throw new MalformedPayloadException($"holds more than {EventCode.MaximumSlots} blocks at once");
            Array.Resize(ref _blocks, _blocks.Length * 2);
        }
        return ref _blocks[_used++];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref readonly EventBlock Release(ref ColumnReader slots)
    {
        var step = slots.Number();
        _lastSlot += (step >> 1) ^ (uint)-(int)(step & 1);
        return ref GiveBack(_lastSlot);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref readonly EventBlock GiveBack(uint slot)
    {
        if (slot >= _used || _blocks[slot].Born == Nobody)
            throw new MalformedPayloadException($"frees block {slot}, which does not live");
        if (_freeCount == _free.Length)
            Array.Resize(ref _free, _free.Length * 2);
        _free[_freeCount++] = slot;
        return ref _blocks[slot];
    }

    private static void Empty(in EventBlock block) => Unsafe.AsRef(in block).Born = Nobody;

    private int AddSite(EventSite site)
    {
        var place = _nextPlace;
        if (place == _sites.Length)
            Array.Resize(ref _sites, _sites.Length * 2);
        _sites[place] = site;
        _siteCount = Math.Max(_siteCount, place + 1);
        _nextPlace = (place + 1) % EventCode.SitePlaces;
        return place;
    }

    private EventSite ReadSite(ref ColumnReader sites)
    {
        var stack = sites.Number();
        if (stack >= (uint)_stacks)
            throw new MalformedPayloadException($"names stack {stack} of {_stacks}");
        var size = sites.Count();
        if (size > MaximumSize)
            throw new MalformedPayloadException("holds a block larger than any");
        var domain = sites.Number();
        return domain <= MaximumDomain ? new EventSite(size, (int)stack, (byte)domain) : throw new MalformedPayloadException($"names allocator {domain}");
    }

    private bool DecodeNote<TSink>(ref ColumnReader notes, ref TSink sink)
        where TSink : struct, IEventSink
    {
        var kind = (NoteKind)Math.Min(notes.Number(), byte.MaxValue);
        var note = new ColumnReader(notes.Slice(notes.Number()));
        switch (kind)
        {
            case NoteKind.Moment:
                _now = Later(note.Count());
                return sink.Moment(_now);
            case NoteKind.Thread:
                _thread = ReadThread(ref note);
                break;
            case NoteKind.ThreadName:
                sink.NameThread(ReadThread(ref note), note.Count(), note.Rest());
                break;
            case NoteKind.Fork:
                sink.Fork();
                break;
            case NoteKind.TearDown:
                sink.TearDown();
                break;
            case NoteKind.MoveFailed:
                MoveFailed(ref note, ref sink);
                break;
            case NoteKind.Replaced:
                ref readonly var gone = ref GiveBack(note.Number());
                sink.Replace(in gone, isNative: !note.IsAtEnd && note.Number() == 1);
                Empty(in gone);
                break;
            case NoteKind.Resident:
                sink.Resident(note.Count() - 1);
                break;
            case NoteKind.Mark:
                sink.Mark(note.Rest());
                break;
            case NoteKind.NoMore:
                sink.NoMore(note.Rest());
                break;
            case NoteKind.Cut:
                Cut(ref note, ref sink);
                break;
            case NoteKind.UnknownNativeFree:
                sink.UnknownFree(isNative: true);
                break;
            default: // Of a later addition.
                break;
        }
        return true;
    }

    private void MoveFailed<TSink>(ref ColumnReader note, ref TSink sink)
        where TSink : struct, IEventSink
    {
        var known = note.Number();
        if (known != 1)
        {
            sink.UnknownMoveFailed(isNative: known == 2);
            return;
        }
        var thread = ReadThread(ref note);
        var site = ReadSite(ref note);
        var since = note.Number();
        var age = note.Count();
        ref var block = ref TakeSlot();
        block = new EventBlock { Site = site, Born = Math.Max(0, _now - age), Thread = thread, Order = _allocationsOf[thread] - since };
        sink.MoveFailed(in block);
    }

    private void Cut<TSink>(ref ColumnReader note, ref TSink sink)
        where TSink : struct, IEventSink
    {
        var slot = note.Number();
        var left = note.Count();
        var right = note.Count();
        if (slot >= _used || _blocks[slot].Born == Nobody)
            throw new MalformedPayloadException($"cuts block {slot}, which does not live");
        var before = _blocks[slot];
        if (left > before.Site.Size || right > before.Site.Size - left || left + right == 0)
            throw new MalformedPayloadException($"cuts block {slot}, and more is left of it than there was, or nothing");
        var isSplit = left > 0 && right > 0;
        sink.Cut(in before, left, right);
        // What was touched is no temporary allocation any more.
        var rest = before with { Order = _allocationsOf[before.Thread] - LongAgo };
        _blocks[slot] = rest with { Site = rest.Site with { Size = isSplit ? left : left + right } };
        if (isSplit)
            TakeSlot() = rest with { Site = rest.Site with { Size = right } };
    }

    private static int ReadThread(ref ColumnReader note)
    {
        var thread = note.Number();
        return thread < EventCode.Threads ? (int)thread : throw new MalformedPayloadException($"names thread {thread}");
    }

    private long Later(long step) =>
        step <= long.MaxValue - _now ? _now + step : throw new MalformedPayloadException("goes beyond the end of time");
}
