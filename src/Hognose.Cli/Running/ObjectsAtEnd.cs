using Hognose.Cli.Commands;
using Hognose.Cli.Recordings;
using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;
using Hognose.Insights.Births;

namespace Hognose.Cli.Running;

/// <summary>Joins both answers: who allocated what lived at the end of a recording, and who held it.</summary>
internal static class ObjectsAtEnd
{
    /// <summary>The recording with the types and holders of its survivors, and the heap with the births of its objects, to be kept beside it.</summary>
    public static (RecordingSummary Recording, HeapFile Heap) Join(HeapAtEnd end, RecordingSummary recording, LiveBlocks live)
    {
        using var reading = end.Read();
        var (stacks, blocks) = BirthStacks.Of(reading.Graph, live);
        var joined = recording with
        {
            SurvivingTypes = SurvivorTypes.Of(reading.Graph, live, blocks),
            SurvivorHolders = SurvivorHolders.Of(reading.Heap, recording, stacks),
        };
        var heap = reading.ToFile(VersionTextAction.Version, longestKey: 0, CancellationToken.None);
        return (joined, heap.With(new HeapFileBirths(recording.Stacks, stacks)));
    }

    /// <summary>Beside the recording: "x.alloc" and "x.heap". Returns its name.</summary>
    public static string Keep(HeapFile heap, string recordingName)
    {
        var name = Path.ChangeExtension(recordingName, ".heap");
        using var file = WholeFile.Create(name, name, "snapshot");
        file.Keep(name, stream => HeapFileWriter.Write(stream, heap));
        return name;
    }
}
