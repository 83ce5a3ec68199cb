using Hognose.Cli.Commands;
using Hognose.Cli.Heaps;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;
using Hognose.Insights.Births;
using Hognose.Recording;
using Hognose.Recording.Replay;

namespace Hognose.Cli.Running;

/// <summary>
/// Joins both answers of a recording: who allocated what lived at its end, and who held it. Nothing comes of it when the heap was not copied then. Trouble with one
/// file leaves the other, and the report.
/// </summary>
internal sealed class ObjectsAtEnd : IDisposable
{
    private readonly List<CannotContinueException> _troubles = [];
    private HeapAtEnd? _end;
    private HeapFile? _heap;

    public IReadOnlyList<CannotContinueException> Troubles => _troubles;

    /// <summary>The heap was met, whatever came of it.</summary>
    public bool HasLooked { get; private set; }

    /// <summary>While the program stands still.</summary>
    /// <param name="copyIt">Copies it.</param>
    /// <param name="isThere">Whether the program is still there to tell why it could not be copied.</param>
    public void Copy(Func<HeapAtEnd> copyIt, Func<bool>? isThere = null)
    {
        try
        {
            _end = copyIt();
            HasLooked = true;
        }
        catch (CannotContinueException trouble) when (isThere is null || isThere())
        {
            _troubles.Add(trouble);
            HasLooked = true;
        }
        catch (CannotContinueException)
        {
            // As if it had ended before.
        }
    }

    /// <summary>For which the program stood still; null: it did not for this, or was not looked at.</summary>
    public TimeSpan? Pause => _end?.Pause;

    /// <summary>The recording with the types and holders of its survivors.</summary>
    public RecordingSummary Join(RecordingSummary recording, NotedSurvivors? noted)
    {
        if (_end is null || noted is null)
            return recording;
        var live = noted.Blocks;
        var weights = new SampleWeights(recording.Facts.SampleBytes);
        using var reading = _end.Read();
        var (stacks, blocks) = BirthStacks.Of(reading.Graph, live);
        _heap = reading.ToFile(VersionTextAction.Version, longestKey: 0, Redaction.None, CancellationToken.None)
            .With(BirthStacks.ToFile(recording.Stacks, stacks, blocks, live, noted.Nanoseconds, recording.Facts.SampleBytes));
        return recording with
        {
            SurvivingTypes = SurvivorTypes.Of(reading.Graph, live, blocks, reading.TypesOfStorage([.. live.Select(block => (block.Address, block.Size))]), StandsFor),
            SurvivorHolders = SurvivorHolders.Of(reading.Heap, recording, stacks, node => StandsFor(live[blocks[node]])),
        };

        double StandsFor(Survivor block) => recording.Stacks.IsMapping(block.Stack) ? 1 : weights.StandsFor(block.Size);
    }

    /// <summary>Writes the heap with the births of its objects beside the recording: "x.alloc" and "x.heap". Its name; null when there is none.</summary>
    public string? Keep(string? recordingName)
    {
        if (_heap is not { } heap || recordingName is null)
            return null;
        var name = Path.ChangeExtension(recordingName, ".heap");
        return Try(() =>
        {
            using var file = WholeFile.Create(name, name, "snapshot", endsWithUs: false);
            file.Keep(name, stream => HeapFileWriter.Write(stream, heap));
            return name;
        });
    }

    /// <summary>Null, and noted, when it cannot be done.</summary>
    public T? Try<T>(Func<T> work)
        where T : class
    {
        try
        {
            return work();
        }
        catch (CannotContinueException trouble)
        {
            _troubles.Add(trouble);
            return null;
        }
    }

    public void Dispose() => _end?.Dispose();
}
