namespace Hognose.Formats.Blocks;

/// <summary>Cuts entries into payloads, each of one type and not much larger than usual; where they go is the heir's business.</summary>
internal abstract class BlockBuilder
{
    private BlockType _type;

    public PayloadWriter Payload { get; protected set; } = new();

    public void Begin(BlockType type)
    {
        Finish();
        _type = type;
    }

    /// <summary>To be called after each whole entry: a block never splits one.</summary>
    public void EntryDone()
    {
        if (Payload.Length < BlockFormat.UsualPayload)
            return;
        var type = _type;
        Finish();
        _type = type;
    }

    /// <summary>Hands on the block begun, if it has anything in it. The end block is handed on even when empty.</summary>
    public void Finish()
    {
        if (_type == BlockType.None || (Payload.Length == 0 && _type != BlockType.End))
            return;
        if (Payload.Length > BlockFormat.MaximumPayload)
            throw new InvalidOperationException($"an entry of {_type} is larger than a block may be");
        var type = _type;
        _type = BlockType.None;
        HandOn(type);
    }

    /// <summary>Takes <see cref="Payload"/> and leaves an empty one.</summary>
    protected abstract void HandOn(BlockType type);
}
