using System.Diagnostics;
using Hognose.Insights.Holding;
using Hognose.Recording;

namespace Hognose.Cli.Running;

/// <summary>Copies the heap of a program that stands before its end, beside the loop that follows it, and lets it go.</summary>
/// <param name="session">Of its recording.</param>
/// <param name="objects">Gets the copy.</param>
/// <param name="processId">The program's.</param>
/// <param name="isThere">Whether it is.</param>
/// <param name="within">Takes out what is ours; null: the program did not ask for it itself.</param>
/// <param name="room">For copies that were not read yet: the program stands until there is some, or for so long that it is let go unseen. null: it is the only one.</param>
internal sealed class HeldHeap(RecordingSession session, ObjectsAtEnd objects, int processId, Func<bool> isThere, AskedFromWithin? within = null, SemaphoreSlim? room = null) : IDisposable
{
    private static readonly TimeSpan LongestWaitForRoom = TimeSpan.FromSeconds(5);

    private Task? _copying;
    private long _heldSince;

    /// <summary>It is copied, or will be.</summary>
    public bool HasBegun => _copying is not null;

    public bool IsBeingCopied => session.IsHeld && _copying is not { IsCompleted: true };

    public void Step()
    {
        if (!session.IsHeld)
            return;
        if (_heldSince == 0)
            _heldSince = Stopwatch.GetTimestamp();
        // It was before its end, which came all the same.
        if (_copying is null && objects.HasLooked)
        {
            session.LetGo(wasLookedAt: false);
            return;
        }
        if (_copying is null && room?.Wait(TimeSpan.Zero) is not false)
            _copying = Task.Run(() => objects.Copy(() => HeapAtEnd.Copy(processId, within), isThere));
        if (_copying is null ? Stopwatch.GetElapsedTime(_heldSince) > LongestWaitForRoom : _copying.IsCompleted)
            session.LetGo(wasLookedAt: _copying is not null);
    }

    /// <summary>Until it is copied, if that began.</summary>
    public void Wait() => _copying?.GetAwaiter().GetResult();

    /// <summary>The copy was read.</summary>
    public void Dispose()
    {
        Wait();
        if (_copying is not null)
            room?.Release();
    }
}
