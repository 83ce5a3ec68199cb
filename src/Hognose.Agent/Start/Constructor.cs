using System.Runtime;
using Hognose.Agent.Family;

namespace Hognose.Agent.Start;

/// <summary>The library's ELF constructor: runs when the loader is done relocating and before the program's own main.</summary>
internal static unsafe class Constructor
{
    [RuntimeExport("hognose_agent_constructor")]
    public static void Run()
    {
        var agent = Agent.State;
        ExecFunctions.Find(&agent->Family.Next);
        var variable = Libc.getenv(Text.C("HOGNOSE_RING"u8));
        if (variable != null)
            BeginAsked(agent, variable);
        else
            BeginAsMember(agent);
    }

    /// <summary>The program that the user asked to be recorded.</summary>
    private static void BeginAsked(AgentData* agent, byte* variable)
    {
        var began = Libc.Nanoseconds(Libc.ClockProcessCpu);
        var isPython = Hooks.PythonApi.TryFind(agent);
        var isPyPy = !isPython && Hooks.PythonApi.IsPyPy();
        // A shell or a loader on the way to Python: what it starts inherits the variables and the descriptors.
        if (!isPython && !isPyPy)
            return;
        var handle = RingHandle.Parse(variable);
        var ring = SharedRegion.Claim(handle);
        ProgramEnvironment.Restore(handle);
        if (ring == null)
            return;
        if (ring->FamilyDescriptor > 0)
            FamilyMembership.Join(agent, (int)ring->ToolProcessId, ring->FamilyDescriptor, ring->Nonce);
        Handshake.Run(agent, ring, isPyPy, isAsked: true, began);
    }

    /// <summary>What such a program started, directly or by a shell. No trace of us may be left in its environment, whatever it is.</summary>
    private static void BeginAsMember(AgentData* agent)
    {
        var variable = Libc.getenv(Text.C("HOGNOSE_FAMILY"u8));
        if (variable == null)
            return;
        var began = Libc.Nanoseconds(Libc.ClockProcessCpu);
        var isJoined = FamilyMembership.Join(agent, variable);
        ProgramEnvironment.Hide();
        if (!isJoined || !Hooks.PythonApi.TryFind(agent))
            return;
        var ring = FamilyMembership.Claim(&agent->Family);
        if (ring != null)
            Handshake.Run(agent, ring, isPyPy: false, isAsked: false, began);
    }
}
