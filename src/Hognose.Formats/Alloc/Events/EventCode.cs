namespace Hognose.Formats.Alloc.Events;

/// <summary>What a number of the column of codes says; the drawing and the reasons are in docs/formats/alloc.md.</summary>
internal static class EventCode
{
    /// <summary>The block in the slot that the column of slots names was freed.</summary>
    public const uint Free = 0;

    /// <summary>As <see cref="Free"/>, by a realloc.</summary>
    public const uint Move = 1;

    /// <summary>The next entry of the column of notes.</summary>
    public const uint Note = 2;

    /// <summary>A block was freed whose allocation was not seen.</summary>
    public const uint UnknownFree = 3;

    /// <summary>The next entry of the column of sites becomes the next site, and a block was allocated there.</summary>
    public const uint AllocateAtNewSite = 4;

    /// <summary>As <see cref="AllocateAtNewSite"/>, and the block was freed at once.</summary>
    public const uint TemporaryAtNewSite = 5;

    /// <summary>This and twice the site's place: a block was allocated there; one more: and was freed at once.</summary>
    public const uint FirstSite = 6;

    /// <summary>Site n stands in place n mod this; what stood there before is forgotten, by both sides.</summary>
    public const int SitePlaces = 1 << 18;

    /// <summary>Blocks alive at the same time.</summary>
    public const int MaximumSlots = 1 << 26;

    public const int Threads = 1 << 16;
}

/// <summary>What a note tells; a reader skips those it does not know, each is behind its length.</summary>
internal enum NoteKind : byte
{
    /// <summary>Nanoseconds since the former moment.</summary>
    Moment = 1,

    /// <summary>Allocations from here on are this thread's.</summary>
    Thread = 2,

    /// <summary>Index, kernel id (0: not known), name (may be empty); told again when the name changes.</summary>
    ThreadName = 3,
    Fork = 4,
    TearDown = 5,

    /// <summary>A realloc failed. A flag; 0: its block was never known; 2: the same, C code's; 1: the block lives on: thread, site as in the column of sites, age, allocations of its thread since.</summary>
    MoveFailed = 6,

    /// <summary>A slot: another block came to life at its address, though its free was not seen. 1 behind it: C code's, which may be so.</summary>
    Replaced = 7,

    /// <summary>Resident bytes + 1 (0: not known): a point of the timeline.</summary>
    Resident = 8,

    /// <summary>A name that the program gave this moment.</summary>
    Mark = 9,

    /// <summary>No events from here on, and why: a text.</summary>
    NoMore = 10,

    /// <summary>Pages of a mapping are gone: its slot, the bytes left before them, the bytes left behind them. Where both are, what is behind takes a slot.</summary>
    Cut = 11,

    /// <summary>As <see cref="EventCode.UnknownFree"/>, of memory that C code had asked for.</summary>
    UnknownNativeFree = 12,
}
