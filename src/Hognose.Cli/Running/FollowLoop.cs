using Hognose.Formats.Ring;
using Hognose.Recording;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Running;

/// <summary>
/// Takes events until the program has ended. The naps are long enough that the two processes seldom touch the same cache line at the same time,
/// and short enough that the ring (1.6 ms of the densest stream) does not fill.
/// </summary>
internal static class FollowLoop
{
    private const int BusyMicroseconds = 500;
    private const int LongestNapMicroseconds = 800;

    /// <summary>While Python has not said hello, it must not wait for us.</summary>
    private const int StartMicroseconds = 50;

    /// <summary>Above this the program is about to fill the ring: no nap.</summary>
    private const ulong ManyEvents = 5_000;

    /// <param name="session">Of the program.</param>
    /// <param name="program">That was launched.</param>
    /// <param name="atTearDown">What is done while a program that asked to be held stands before its end.</param>
    /// <param name="othersStep">Follows the processes that it started, and says how many events that were.</param>
    public static ProgramExit UntilEnd(RecordingSession session, LaunchedProgram program, Action atTearDown, Func<ulong> othersStep)
    {
        ProgramExit exit;
        while (!program.TryWait(out exit))
        {
            var events = session.Step() + othersStep();
            if (session.IsHeld)
            {
                atTearDown();
                session.LetGo(wasLookedAt: true);
            }
            Rest(session.State, events);
        }
        return exit;
    }

    /// <param name="state">The agent's.</param>
    /// <param name="events">That were taken in the last step.</param>
    public static void Rest(AgentState state, ulong events)
    {
        if (events < ManyEvents)
            Nap.For(state < AgentState.Recording ? StartMicroseconds : events > 0 ? BusyMicroseconds : LongestNapMicroseconds);
    }

    /// <summary>For a program that runs already: until its agent stops or it has gone. Returns the largest resident size met, in bytes.</summary>
    /// <param name="session">Of the program.</param>
    /// <param name="hasGone">Whether it has.</param>
    /// <param name="residentBytes">Of it.</param>
    /// <param name="othersStep">Does what else is to be done at each step, and says how many events of other processes that were.</param>
    public static long UntilStopped(RecordingSession session, Func<bool> hasGone, Func<long> residentBytes, Func<ulong> othersStep)
    {
        var largest = 0L;
        while (session.State != AgentState.Stopped && session.Refusal.Length == 0 && !hasGone())
        {
            var events = session.Step() + othersStep();
            largest = Math.Max(largest, residentBytes());
            Rest(session.State, events);
        }
        return largest;
    }
}
