using Hognose.Targets.Native;

namespace Hognose.Targets.Attach;

/// <summary>A signal to another process of the user's.</summary>
public static class ProcessSignal
{
    /// <summary>Not SIGINT, which a program that a script started in the background ignores.</summary>
    public const int Terminate = 15;

    public static bool TrySend(int processId, int signal) => processId > 0 && LibC.kill(processId, signal) == 0;
}
