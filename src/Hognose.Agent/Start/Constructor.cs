using System.Runtime;

namespace Hognose.Agent.Start;

/// <summary>The library's ELF constructor: runs when the loader is done relocating and before the program's own main.</summary>
internal static unsafe class Constructor
{
    [RuntimeExport("hognose_agent_constructor")]
    public static void Run()
    {
        var agent = Agent.State;
        var variable = Libc.getenv(Text.C("HOGNOSE_RING"u8));
        if (variable == null)
            return;
        var began = Libc.Nanoseconds(Libc.ClockProcessCpu);
        var isPython = Hooks.PythonApi.TryFind(agent);
        var isPyPy = !isPython && Hooks.PythonApi.IsPyPy();
        // A shell or a loader on the way to Python: what it starts inherits the variables and the descriptors.
        if (!isPython && !isPyPy)
            return;
        var handle = RingHandle.Parse(variable);
        var ring = SharedRegion.Claim(handle);
        ProgramEnvironment.Restore(handle);
        if (ring != null)
            Handshake.Run(agent, ring, isPyPy, began);
    }
}
