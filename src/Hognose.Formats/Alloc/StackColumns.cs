using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>Names, frames and stacks while they are read: of a recording, and of a snapshot that knows where its objects were born.</summary>
internal sealed class StackColumns
{
    public List<string> Strings { get; } = [];

    public List<SourceFrame> Frames { get; } = [];

    public List<int> ParentStack { get; } = [];

    public List<int> InnermostFrame { get; } = [];

    public static void CheckRoom(int entries)
    {
        if (entries >= AllocFormat.MaximumEntries)
            throw new MalformedPayloadException($"holds more than {AllocFormat.MaximumEntries} entries");
    }

    public StackTable ToTable() => new(Frames, [.. ParentStack], [.. InnermostFrame]);
}
