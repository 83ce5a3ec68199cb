using Hognose.Cli.Heaps;
using Hognose.Diagnostics;
using Hognose.Insights.Holding;
using Hognose.Recording;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Running;

/// <summary>
/// The heap of a program that records a part of itself, copied when it says so: while the recording still goes on, so that births are known. The words are those
/// of <c>hognose within</c>: "look", "looked"; "PID NANOSECONDS", "copied". Trouble is told by "refused", and noted.
/// </summary>
/// <param name="end">Gets the copy.</param>
/// <param name="session">Of the recording.</param>
/// <param name="processId">The program's.</param>
/// <param name="package">The folder of the package, whose own variables are no answer.</param>
/// <param name="input">Where it is asked.</param>
/// <param name="say">Answers.</param>
internal sealed class ObjectsOnRequest(ObjectsAtEnd end, RecordingSession session, int processId, string package, TextReader input, Action<string> say)
{
    private volatile bool _isAsked;

    /// <summary>Waits for the word beside the loop that follows the program.</summary>
    public void Listen() => new Thread(() => _isAsked = input.ReadLine() == "look") { IsBackground = true }.Start();

    /// <summary>Answers when it was asked.</summary>
    public void Step()
    {
        if (!_isAsked)
            return;
        _isAsked = false;
        session.NoteLook();
        var look = end.Try(() => OwnLook.At(processId, readsAccount: false, Limits.Default));
        say(look is null ? "refused" : "looked");
        if (FrozenCopyLine.TryParse(input.ReadLine(), out var copyId, out var pause) && look is not null)
            end.Copy(() => HeapAtEnd.CopyFrozen(copyId, look, pause, new AskedFromWithin(package, address: 0)));
        say("copied");
    }
}
