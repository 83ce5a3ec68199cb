using Hognose.Formats.Ring;

namespace Hognose.Recording.Ring;

/// <summary>What the tool asks the agent to record.</summary>
/// <param name="NativeAllocations">Also what C code allocates itself.</param>
/// <param name="SampleBytes">Only samples, one of so many bytes on average; 0: every allocation.</param>
/// <param name="NativeStacks">Also the C frames between Python's.</param>
public sealed record RecordingChoices(bool NativeAllocations = false, long SampleBytes = 0, bool NativeStacks = false)
{
    internal RecordingOptions Options => (NativeAllocations ? RecordingOptions.NativeAllocations : RecordingOptions.None)
        | (NativeStacks ? RecordingOptions.NativeStacks : RecordingOptions.None);
}
