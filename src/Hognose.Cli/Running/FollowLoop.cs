using Hognose.Formats.Ring;
using Hognose.Recording;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Running;

/// <summary>Takes events until the program has ended.</summary>
internal static class FollowLoop
{
    /// <param name="session">Of the program.</param>
    /// <param name="program">That was launched.</param>
    /// <param name="atTearDown">What is done while a program that asked to be held stands before its end.</param>
    /// <param name="othersStep">Follows the processes that it started, and says how many events that were.</param>
    public static ProgramExit UntilEnd(RecordingSession session, LaunchedProgram program, Action atTearDown, Func<ulong> othersStep)
    {
        var pace = new FollowPace();
        ProgramExit exit;
        while (!program.TryWait(out exit))
        {
            var events = session.Step() + othersStep();
            if (session.IsHeld)
            {
                atTearDown();
                session.LetGo(wasLookedAt: true);
            }
            pace.Rest(session.State, events);
        }
        return exit;
    }

    /// <summary>For a program that runs already: until its agent stops or it has gone. Returns the largest resident size met, in bytes.</summary>
    /// <param name="session">Of the program.</param>
    /// <param name="hasGone">Whether it has.</param>
    /// <param name="residentBytes">Of it.</param>
    /// <param name="othersStep">Does what else is to be done at each step, and says how many events of other processes that were.</param>
    public static long UntilStopped(RecordingSession session, Func<bool> hasGone, Func<long> residentBytes, Func<ulong> othersStep)
    {
        var pace = new FollowPace();
        var largest = 0L;
        while (session.State != AgentState.Stopped && session.Refusal.Length == 0 && !hasGone())
        {
            var events = session.Step() + othersStep();
            largest = Math.Max(largest, residentBytes());
            pace.Rest(session.State, events);
        }
        return largest;
    }
}
