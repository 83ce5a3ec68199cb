using Hognose.Targets.Native;

namespace Hognose.Targets.Attach;

/// <summary>A signal to another process of the user's.</summary>
public static class ProcessSignal
{
    public const int Interrupt = 2;

    public static bool TrySend(int processId, int signal) => processId > 0 && LibC.kill(processId, signal) == 0;
}
