using Hognose.Formats.Ring;

namespace Hognose.Recording.Ring;

/// <summary>What the tool asks the agent to record.</summary>
/// <param name="NativeAllocations">Also what C code allocates itself.</param>
public sealed record RecordingChoices(bool NativeAllocations = false)
{
    internal RecordingOptions Options => NativeAllocations ? RecordingOptions.NativeAllocations : RecordingOptions.None;
}
