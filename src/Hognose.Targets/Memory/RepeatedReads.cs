using Hognose.Targets.Native;

namespace Hognose.Targets.Memory;

/// <summary>
/// The memory of a running process, of which the same few places are looked at again and again: what the last look read is read by one system call when
/// the next begins, in the same order. What a look reads beside that is read as it asks.
/// </summary>
public sealed unsafe class RepeatedReads(int processId) : IMemoryReader
{
    /// <summary>A call takes 1,024 (UIO_MAXIOV); a look that reads more is no look at a few places.</summary>
    private const int MostPlaces = 64;

    private const int MostBytes = 16 * 1024;

    private readonly LiveMemory _memory = new(processId);
    private readonly byte[] _bytes = GC.AllocateArray<byte>(MostBytes, pinned: true);
    private Places _known = new();
    private Places _read = new();

    /// <summary>A look begins.</summary>
    public void Begin()
    {
        (_known, _read) = (_read, _known);
        _read.Clear();
        if (!TryReadAll(_known))
            _known.Clear();
    }

    public bool TryRead(TargetAddress address, Span<byte> destination)
    {
        var isKnown = _known.TryFind(address, destination.Length, out var at);
        if (isKnown)
            _bytes.AsSpan(at, destination.Length).CopyTo(destination);
        else if (!_memory.TryRead(address, destination))
            return false;
        _read.Add(address, destination.Length);
        return true;
    }

    private bool TryReadAll(Places places)
    {
        var (count, length) = (places.Count, places.Bytes);
        if (count == 0)
            return true;
        var remote = stackalloc IoVector[count];
        for (var i = 0; i < count; i++)
            remote[i] = new IoVector((nuint)places[i].Address.Value, (nuint)places[i].Length);
        fixed (byte* start = _bytes)
        {
            var local = new IoVector((nuint)start, (nuint)length);
            return LibC.process_vm_readv(processId, &local, 1, remote, (nuint)count, 0) == length;
        }
    }

    /// <summary>Places in the order in which they were asked for, each once; their bytes lie one behind the other.</summary>
    private sealed class Places
    {
        private readonly List<(TargetAddress Address, int Length, int At)> _places = [];

        public int Count => _places.Count;

        public int Bytes { get; private set; }

        public (TargetAddress Address, int Length, int At) this[int index] => _places[index];

        public bool TryFind(TargetAddress address, int length, out int at)
        {
            foreach (var place in _places)
                if (place.Address == address && place.Length == length)
                {
                    at = place.At;
                    return true;
                }
            at = 0;
            return false;
        }

        public void Add(TargetAddress address, int length)
        {
            if (Count == MostPlaces || length == 0 || length > MostBytes - Bytes || TryFind(address, length, out _))
                return;
            _places.Add((address, length, Bytes));
            Bytes += length;
        }

        public void Clear()
        {
            _places.Clear();
            Bytes = 0;
        }
    }
}
