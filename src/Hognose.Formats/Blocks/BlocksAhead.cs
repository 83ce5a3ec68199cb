using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Hognose.Formats.Blocks;

/// <summary>One block, read.</summary>
/// <param name="Payload">Valid until the next block is asked for; empty when it could not be had.</param>
/// <param name="Blocks">How many there were, it included.</param>
/// <param name="Length">Of the payload, as the block's head says.</param>
/// <param name="Chain">Over the heads' checksums so far.</param>
/// <param name="CanGoOn">The next block begins where it should, whatever is wrong with this one.</param>
/// <param name="Place">For messages.</param>
/// <param name="Failure">Why it could not be had.</param>
internal sealed record BlockAhead(
    BlockType Type, ReadOnlyMemory<byte> Payload, long Length, int Blocks, uint Chain, bool CanGoOn, BlockPlace Place, ExceptionDispatchInfo? Failure);

/// <summary>Reads, checks and unpacks the next blocks while the one before them is taken apart: half of the time on two processors.</summary>
internal sealed class BlocksAhead : IDisposable
{
    /// <summary>So that neither side waits for the other at every block.</summary>
    private const int MostAhead = 4;

    private readonly BlockReader _blocks;
    private readonly Func<BlockType, bool> _isWanted;
    private readonly BlockingCollection<BlockAhead> _read = new(MostAhead);

    /// <summary>One more than can be under way: that of the block that was given out.</summary>
    private readonly byte[][] _payloads = [.. Enumerable.Repeat(Array.Empty<byte>(), MostAhead + 2)];
    private readonly Task _reading;
    private volatile bool _isDisposed;

    /// <param name="blocks">Is this one's alone until the end block has come.</param>
    /// <param name="isWanted">Blocks of other kinds are checked and left packed: their payload is empty.</param>
    public BlocksAhead(BlockReader blocks, Func<BlockType, bool> isWanted)
    {
        _blocks = blocks;
        _isWanted = isWanted;
        _reading = Task.Run(ReadAll);
    }

    /// <summary>In the order of the file. After the end block there is none.</summary>
    public BlockAhead Next() => _read.Take();

    /// <summary>The file may be closed afterwards.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        while (!_reading.IsCompleted)
            _read.TryTake(out _, millisecondsTimeout: 1);
        _read.Dispose();
    }

    private void ReadAll()
    {
        BlockAhead block;
        var count = 0;
        do
            _read.Add(block = Read(ref _payloads[count++ % _payloads.Length]));
        while (block.Type != BlockType.End && block.CanGoOn && !_isDisposed);
        _read.CompleteAdding();
    }

    private BlockAhead Read(ref byte[] payload)
    {
        ExceptionDispatchInfo? failure = null;
        var length = 0;
        try
        {
            var stored = _blocks.NextStored(out var type);
            if (_isWanted(type))
                length = _blocks.UnpackInto(stored, ref payload);
        }
#pragma warning disable CA1031 // Thrown again by whoever takes the block, in its turn.
        catch (Exception trouble)
#pragma warning restore CA1031
        {
            failure = ExceptionDispatchInfo.Capture(trouble);
        }
        return new BlockAhead(_blocks.Type, payload.AsMemory(0, length), _blocks.PayloadLength, _blocks.Blocks, _blocks.Chain, _blocks.CanGoOn, _blocks.Place, failure);
    }
}
