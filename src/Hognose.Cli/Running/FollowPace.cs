using Hognose.Formats.Ring;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Running;

/// <summary>
/// How long the tool naps between two looks at the ring: long enough that the two processes seldom touch the same cache line at the same time, short enough
/// that the ring (1.6 ms of the densest stream) does not fill.
/// </summary>
internal sealed class FollowPace
{
    private const int BusyMicroseconds = 500;
    private const int LongestNapMicroseconds = 800;

    /// <summary>Each time that we wake up takes the program's core, or its sibling, some of its time: of one that has nothing to tell half as often.</summary>
    private const int QuietMicroseconds = 1_500;

    /// <summary>Looks without an event.</summary>
    private const int Quiet = 64;

    /// <summary>While Python has not said hello, it must not wait for us.</summary>
    private const int StartMicroseconds = 50;

    /// <summary>Above this the program is about to fill the ring: no nap.</summary>
    private const ulong ManyEvents = 5_000;

    private int _emptyLooks;

    /// <param name="state">The agent's.</param>
    /// <param name="events">That were taken in the last step.</param>
    public void Rest(AgentState state, ulong events)
    {
        _emptyLooks = events > 0 ? 0 : _emptyLooks + 1;
        if (events < ManyEvents)
            Nap.For(state < AgentState.Recording ? StartMicroseconds : events > 0 ? BusyMicroseconds : _emptyLooks < Quiet ? LongestNapMicroseconds : QuietMicroseconds);
    }
}
