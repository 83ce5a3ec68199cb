using System.Numerics;
using System.Runtime.InteropServices;
using Hognose.Columns;

namespace Hognose.CPython.Walk;

/// <summary>
/// One bit for every eight bytes of the target: an object starts here. Visited set, sorted list and address-to-id map in one; with the
/// rank beside the bits an id costs one cache line. 16 bytes for 512 bytes of heap, about two an object.
/// <code>
///   cell i:  | 64 bits: object starts at low + 512 i + 8 b | u32 rank: objects before this cell | u32 unused |
/// </code>
/// </summary>
internal sealed unsafe class ObjectStarts : IDisposable
{
    private const int WindowShift = 39;
    private const int CellShift = 9;

    // One bit for each chunk that holds a mark: sparse mappings of terabytes cost nothing to go over.
    private const int ChunkShift = 20;
    private const ulong MaxAddress = 1ul << 47;
    private const ulong WindowMask = (1ul << WindowShift) - 1;

    private readonly Window[] _windows = new Window[256];
    public ObjectStarts(IReadOnlyList<(ulong Low, ulong High)> spans)
    {
        foreach (var (low, high) in spans)
            if (low < high && high <= MaxAddress)
                Widen(low & ~511ul, (high + 511) & ~511ul);
        for (var i = 0; i < _windows.Length; i++)
            if (_windows[i].High > _windows[i].Low)
                Reserve(ref _windows[i]);
        foreach (var (low, high) in spans)
            PreferHugePages(low, high);
    }

    /// <summary>Objects marked, after <see cref="Number"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Marks an address; false when it was marked before, is unaligned, or lies outside every span.</summary>
    public bool TryMark(ulong address)
    {
        var cell = CellOf(address);
        if (cell == null || (address & 7) != 0)
            return false;
        var bit = 1ul << (int)((address >> 3) & 63);
        if ((cell->Bits & bit) != 0)
            return false;
        cell->Bits |= bit;
        ref var window = ref _windows[address >> WindowShift];
        var chunk = (address & WindowMask) >> ChunkShift;
        window.Chunks![chunk >> 6] |= 1ul << (int)(chunk & 63);
        return true;
    }

    public bool Contains(ulong address)
    {
        var cell = CellOf(address);
        return cell != null && (address & 7) == 0 && (cell->Bits >> (int)((address >> 3) & 63) & 1) != 0;
    }

    /// <summary>Gives every marked address its id, ascending, and returns the addresses.</summary>
    public AddressColumn Number()
    {
        Count = 0;
        foreach (var chunk in Chunks())
            for (var address = chunk; address < chunk + (1ul << ChunkShift); address += 1ul << CellShift)
                if (CellOf(address) is var cell && cell != null)
                {
                    cell->Rank = (uint)Count;
                    Count += BitOperations.PopCount(cell->Bits);
                }
        return Addresses();
    }

    private AddressColumn Addresses()
    {
        const int most = 64;
        var addresses = new AddressColumn();
        Span<ulong> found = stackalloc ulong[most];
        foreach (var chunk in Chunks())
            for (var address = chunk; address < chunk + (1ul << ChunkShift); address += 1ul << CellShift)
            {
                var cell = CellOf(address);
                var count = 0;
                for (var bits = cell == null ? 0 : cell->Bits; bits != 0; bits &= bits - 1)
                    found[count++] = address + (ulong)(BitOperations.TrailingZeroCount(bits) * 8);
                addresses.AddAll(found[..count]);
            }
        return addresses;
    }

    /// <summary>The id of a marked address, or -1. Valid after <see cref="Number"/>.</summary>
    public int IdOf(ulong address)
    {
        var cell = CellOf(address);
        if (cell == null || (address & 7) != 0)
            return -1;
        var bit = (int)((address >> 3) & 63);
        if ((cell->Bits >> bit & 1) == 0)
            return -1;
        return (int)cell->Rank + BitOperations.PopCount(cell->Bits & ((1ul << bit) - 1));
    }

    public void Dispose()
    {
        for (var i = 0; i < _windows.Length; i++)
        {
            if (_windows[i].Cells != null)
                _ = munmap((byte*)_windows[i].Cells, (nuint)_windows[i].Bytes);
            _windows[i] = default;
        }
    }

    private IEnumerable<ulong> Chunks()
    {
        for (var slot = 0; slot < _windows.Length; slot++)
        {
            if (_windows[slot].Chunks is not { } chunks)
                continue;
            for (var word = 0; word < chunks.Length; word++)
                for (var bits = chunks[word]; bits != 0; bits &= bits - 1)
                    yield return ((ulong)slot << WindowShift) + ((ulong)(word * 64 + BitOperations.TrailingZeroCount(bits)) << ChunkShift);
        }
    }

    private Cell* CellOf(ulong address)
    {
        var slot = address >> WindowShift;
        if (slot >= 256)
            return null;
        ref readonly var window = ref _windows[slot];
        if (address < window.Low || address >= window.High)
            return null;
        return window.Cells + ((address - window.Low) >> CellShift);
    }

    private void Widen(ulong low, ulong high)
    {
        while (low < high)
        {
            ref var window = ref _windows[low >> WindowShift];
            var end = Math.Min(high, ((low >> WindowShift) + 1) << WindowShift);
            window.Low = window.High == 0 ? low : Math.Min(window.Low, low);
            window.High = Math.Max(window.High, end);
            low = end;
        }
    }

    /// <summary>Where the cells of a span are huge pages by themselves: of many small spans far apart they would take much that is never used.</summary>
    private void PreferHugePages(ulong low, ulong high)
    {
        const ulong hugePage = 2 << 20;
        if (high - low < hugePage << CellShift >> 4 || CellOf(low) is var first && first == null || CellOf(high - 1) is var last && last == null)
            return;
        HugePages.Prefer((byte*)first, (ulong)((byte*)(last + 1) - (byte*)first));
    }

    private static void Reserve(ref Window window)
    {
        const int readWrite = 3;
        const int privateAnonymousNoReserve = 0x2 | 0x20 | 0x4000;
        window.Bytes = ((window.High - window.Low) >> CellShift) * (ulong)sizeof(Cell);
        var address = mmap(null, (nuint)window.Bytes, readWrite, privateAnonymousNoReserve, -1, 0);
        if (address == (byte*)-1)
            throw new Diagnostics.CannotContinueException(
                $"cannot reserve {window.Bytes} bytes of address space to mark objects",
                "raise the limit on address space (ulimit -v)");
        window.Cells = (Cell*)address;
        window.Chunks = new ulong[1 << (WindowShift - ChunkShift - 6)];
    }

    [DllImport("libc", SetLastError = true)]
    private static extern byte* mmap(byte* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int munmap(byte* address, nuint length);

    private struct Cell
    {
        public ulong Bits;
        public uint Rank;
    }

    private struct Window
    {
        public ulong Low;
        public ulong High;
        public ulong Bytes;
        public Cell* Cells;
        public ulong[]? Chunks;
    }
}
