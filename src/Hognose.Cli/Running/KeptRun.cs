using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;

namespace Hognose.Cli.Running;

/// <summary>What was written of a run. Trouble with one file leaves the other, and the report.</summary>
/// <param name="Name">Of the recording; null when it could not be written.</param>
/// <param name="HeapName">Of the snapshot; null when there is none.</param>
internal sealed record KeptRun(RecordingSummary Recording, string? Name, string? HeapName, IReadOnlyList<CannotContinueException> Troubles)
{
    public static KeptRun Of(ProgramRunResult run, RecordingFile file)
    {
        var troubles = new List<CannotContinueException>();
        if (run.HeapTrouble is not null)
            troubles.Add(run.HeapTrouble);
        var (recording, heap) = run is { Heap: { } end, Survivors: { } live } ? ObjectsAtEnd.Join(end, run.Recording, live) : (run.Recording, null);
        var name = Try(() => file.Keep(recording));
        var heapName = heap is not null && name is not null ? Try(() => ObjectsAtEnd.Keep(heap, name)) : null;
        return new KeptRun(recording, name, heapName, troubles);

        string? Try(Func<string> write)
        {
            try
            {
                return write();
            }
            catch (CannotContinueException trouble)
            {
                troubles.Add(trouble);
                return null;
            }
        }
    }
}
