using System.Runtime.ExceptionServices;

namespace Hognose.Formats.Blocks;

/// <summary>One block, read.</summary>
/// <param name="Payload">Valid until the next block is asked for; empty when it could not be had.</param>
/// <param name="Blocks">How many there were, it included.</param>
/// <param name="Chain">Over the heads' checksums so far.</param>
/// <param name="CanGoOn">The next block begins where it should, whatever is wrong with this one.</param>
/// <param name="Place">For messages.</param>
/// <param name="Failure">Why it could not be had.</param>
internal sealed record BlockAhead(
    BlockType Type, ReadOnlyMemory<byte> Payload, int Blocks, uint Chain, bool CanGoOn, BlockPlace Place, ExceptionDispatchInfo? Failure);

/// <summary>Reads, checks and unpacks the next block while the one before it is taken apart: half of the time on two processors.</summary>
/// <param name="blocks">Is this one's alone until the end block has come.</param>
/// <param name="isWanted">Blocks of other kinds are checked and left packed: their payload is empty.</param>
internal sealed class BlocksAhead(BlockReader blocks, Func<BlockType, bool> isWanted) : IDisposable
{
    private Task<BlockAhead>? _next;
    private byte[] _given = [];
    private byte[] _filled = [];

    /// <summary>In the order of the file. After the end block there is none.</summary>
    public BlockAhead Next()
    {
        var block = (_next ?? Task.Run(Read)).GetAwaiter().GetResult();
        (_given, _filled) = (_filled, _given);
        _next = block.Type == BlockType.End || !block.CanGoOn ? null : Task.Run(Read);
        return block;
    }

    /// <summary>The file may be closed afterwards.</summary>
    public void Dispose() => _next?.Wait();

    private BlockAhead Read()
    {
        ExceptionDispatchInfo? failure = null;
        var length = 0;
        try
        {
            var stored = blocks.NextStored(out var type);
            if (isWanted(type))
                length = blocks.UnpackInto(stored, ref _filled);
        }
#pragma warning disable CA1031 // Thrown again by whoever takes the block, in its turn.
        catch (Exception trouble)
#pragma warning restore CA1031
        {
            failure = ExceptionDispatchInfo.Capture(trouble);
        }
        return new BlockAhead(blocks.Type, _filled.AsMemory(0, length), blocks.Blocks, blocks.Chain, blocks.CanGoOn, blocks.Place, failure);
    }
}
