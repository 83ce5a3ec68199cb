using Hognose.Formats.Alloc;
using Hognose.Formats.Alloc.Events;
using Hognose.Recording.Ring;
using Hognose.Recording.Summary;

namespace Hognose.Recording;

/// <summary>The events of a recording on their way into its file: a block when it is full, and at least each quarter of a second.</summary>
internal sealed class EventFile : IDisposable
{
    private const int FullBlock = 512 * 1024;
    private const long LongestWait = 250_000_000; // Nanoseconds: what a killed hognose loses.

    private readonly RingFollower _follower;
    private readonly RecordingTarget _target;
    private readonly StackTableBuilder _stacks;
    private readonly EventEncoder _events;
    private readonly AllocStream _file;
    private long _written;
    private bool _hasFacts;

    public EventFile(RingFollower follower, RecordingTarget target, StackTableBuilder stacks)
    {
        (_follower, _target, _stacks) = (follower, target, stacks);
        _events = new EventEncoder(stacks.StackOf);
        _file = new AllocStream(target.File, follower.Beat);
        follower.Ledger.Events = _events;
        follower.BatchTaken = WriteIfFull;
    }

    /// <summary>Why the file takes no more, and since when; null while it does.</summary>
    public FileTrouble? Trouble { get; private set; }

    public void Resident(long now, long bytes)
    {
        if (_follower.Ledger.Events is null)
            return;
        _events.Tell(now);
        _events.Resident(bytes);
    }

    public void NameThread(int index, long kernelId, string name)
    {
        if (_follower.Ledger.Events is not null)
            _events.NameThread(index, kernelId, name);
    }

    public void Mark(RecordingMark mark)
    {
        if (_follower.Ledger.Events is null)
            return;
        _events.Tell(mark.Nanoseconds);
        _events.Mark(mark.Name);
    }

    public void WriteIfDue(long now)
    {
        if (now - _written >= LongestWait)
            Write();
    }

    /// <exception cref="IOException">The file took not all of it.</exception>
    public void Finish(RecordingSummary recording, IEnumerable<Survivor> survivors) => _file.Finish(recording, survivors);

    /// <summary>Cuts a torn block off, where the file lets us.</summary>
    public long WholeBytes => _file.WholeBytes;

    public void Dispose() => _file.Dispose();

    public void Write()
    {
        _written = _follower.Ledger.Now;
        // Before the first allocation there is nothing to lose, and the interpreter may yet be refused.
        if (_follower.Ledger.Events is null || _events.Pending == 0 || _follower.Ledger.Allocations == 0)
            return;
        if (!TryBegin())
            return;
        _file.WriteNames(_stacks.Frames, _stacks.Parents, _stacks.Innermost);
        _file.WriteEvents(_events);
        if (_file.Trouble is { } trouble)
            End(trouble);
    }

    private void End(Exception trouble)
    {
        Trouble = new FileTrouble(trouble, _written);
        _follower.Ledger.Events = null;
    }

    private bool TryBegin()
    {
        try
        {
            if (!_hasFacts)
                _target.Begins();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            End(trouble);
            return false;
        }
        WriteFacts();
        return true;
    }

    private void WriteIfFull()
    {
        if (_events.IsFull && _follower.Ledger.Events is not null)
        {
            _events.NoMore("more blocks were alive at once than a file can tell of");
            Write();
            _follower.Ledger.Events = null;
        }
        if (_events.Pending >= FullBlock)
            Write();
    }

    private void WriteFacts()
    {
        if (_hasFacts)
            return;
        _hasFacts = true;
        _file.WriteFacts(new RecordingFacts
        {
            ToolVersion = _target.ToolVersion,
            PythonVersion = PythonVersionText.Of(_follower.Facts.PythonVersion),
            CommandLine = _target.CommandLine,
            StartedAt = _target.StartedAt,
            ProcessId = _target.ProcessId,
            KeepsEvents = true,
            NativeAllocations = _follower.Facts.NativeHooksAreOn,
            NativeStacks = _follower.Facts.NativeStacksAreOn,
            SampleBytes = _follower.SampleBytes,
            DurationNanoseconds = 0,
            Ending = ProgramEnding.Unknown,
            EndingCode = 0,
            StoppedBecause = "",
            Allocations = 0,
            Frees = 0,
            AllocatedBytes = 0,
            TemporaryAllocations = 0,
            PeakBytes = 0,
            PeakBlocks = 0,
            PeakNanoseconds = 0,
            EndBytes = 0,
            EndBlocks = 0,
            UnknownFrees = 0,
            DuplicateAllocations = 0,
            LostEvents = 0,
            Waits = 0,
            WaitedNanoseconds = 0,
            Forks = 0,
            Threads = 0,
            ProgramCpuNanoseconds = 0,
            ToolCpuNanoseconds = 0,
            MaximumResidentBytes = -1,
        });
    }
}

/// <summary>Why a file takes no more, and how far into the recording that was.</summary>
public sealed record FileTrouble(Exception Cause, long Nanoseconds);
