using System.Runtime.CompilerServices;
using Hognose.Agent.Start;

namespace Hognose.Agent.Family;

/// <summary>
/// A fork's child records from its first allocation on, not from the fork: most children do nothing but exec, and need no recording for that. What it
/// inherited is its parent's and known to nobody here, as the blocks are that a program had before it was attached to.
/// </summary>
internal static unsafe class ForkedChild
{
    /// <summary>In the child, at the fork, while the parent's ring is still mapped.</summary>
    public static void Prepare(AgentData* agent)
    {
        var family = &agent->Family;
        if (family->IsOn == 0 || agent->Mode != AgentMode.Recording)
            return;
        family->PythonVersion = agent->Ring->PythonVersion;
        family->BuildFlags = agent->Ring->BuildFlags;
        family->Layout = *agent->Layout;
        family->IsForkedChild = 1;
    }

    /// <summary>The lock is closed. True: this is such a child's first event, and the lock is open now.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryBegin(AgentData* agent)
    {
        if (agent->Family.IsForkedChild == 0 || Interlocked.Exchange(ref agent->Family.IsForkedChild, 0) == 0)
            return false;
        var errno = *Libc.__errno_location();
        var isBegun = Begin(agent);
        *Libc.__errno_location() = errno;
        return isBegun;
    }

    private static bool Begin(AgentData* agent)
    {
        var began = Libc.Nanoseconds(Libc.ClockProcessCpu);
        var ring = FamilyMembership.Claim(&agent->Family);
        if (ring == null)
            return false;
        Joining.Forget(agent);
        agent->Family.IsParentsRecording = 1;
        return Handshake.TryGoOn(agent, ring, &agent->Family, began);
    }
}
