using Hognose.Formats.Alloc.Payloads;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>Writes names, frames and stacks as they come: each call what is new since the last.</summary>
internal sealed class StackNames
{
    private readonly Dictionary<string, int> _strings = new(StringComparer.Ordinal);
    private int _frames;
    private int _stacks;

    public int Strings => _strings.Count;

    public void Write(BlockBuilder blocks, IReadOnlyList<SourceFrame> frames, IReadOnlyList<int> parentStack, IReadOnlyList<int> innermostFrame)
    {
        if (frames.Count > _frames)
        {
            StringsPayload.Write(blocks, frames, _frames, _strings);
            FramesPayload.Write(blocks, frames, _frames, _strings);
            _frames = frames.Count;
        }
        if (parentStack.Count > _stacks)
            StacksPayload.Write(blocks, parentStack, innermostFrame, _stacks);
        _stacks = parentStack.Count;
    }
}
