using Hognose.Recording;

namespace Hognose.Cli.Running;

/// <summary>Copies the heap of a program that stands before its end, beside the loop that follows it, and lets it go.</summary>
/// <param name="session">Of its recording.</param>
/// <param name="objects">Gets the copy.</param>
/// <param name="processId">The program's.</param>
/// <param name="isThere">Whether it is.</param>
internal sealed class HeldHeap(RecordingSession session, ObjectsAtEnd objects, int processId, Func<bool> isThere)
{
    private Task? _copying;

    public bool IsBeingCopied => session.IsHeld && _copying is not { IsCompleted: true };

    public void Step()
    {
        if (!session.IsHeld)
            return;
        _copying ??= Task.Run(() => objects.Copy(() => HeapAtEnd.Copy(processId), isThere));
        if (_copying.IsCompleted)
            session.LetGo();
    }

    /// <summary>Until it is copied, if that began.</summary>
    public void Wait() => _copying?.Wait();
}
