using System.Runtime;
using Hognose.Agent.Events;

namespace Hognose.Agent.Family;

/// <summary>
/// <c>_exit</c>, which is <c>os._exit</c>: so ends a fork's child of multiprocessing, without CPython taking its heap down. When the tool asked for a look at the heap, this
/// is the last moment for it.
/// </summary>
internal static unsafe class ExitHook
{
    private const nint CallExitGroup = 231; // x86-64

    [RuntimeExport("_exit")]
    public static void Exit(int status)
    {
        byte stack;
        var agent = Agent.State;
        TearDownHold.BeforeExit(agent, &stack);
        var next = ExecFunctions.Of(&agent->Family);
        if (next->Exit != null)
            next->Exit(status);
        Libc.syscall(CallExitGroup, status, 0, 0, 0, 0);
    }
}
