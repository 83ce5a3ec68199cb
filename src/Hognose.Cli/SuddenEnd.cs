using System.Runtime.InteropServices;
using Hognose.Targets.Freezing;

namespace Hognose.Cli;

/// <summary>
/// An exception that nobody catches, on a thread that is not ours (of the pool, when it cannot start another). The runtime would print a stack trace and abort;
/// a target that is stopped is let go by the kernel, one that was forked keeps its dead child.
/// </summary>
internal static class SuddenEnd
{
    private static int _isUnderWay;

    public static void Prepare(Terminal terminal) => AppDomain.CurrentDomain.UnhandledException += (_, failure) =>
    {
        if (Interlocked.Exchange(ref _isUnderWay, 1) != 0)
            // Another thread is about to end us.
            Thread.Sleep(Timeout.Infinite);
        Exit(Told(terminal, failure.ExceptionObject as Exception));
    };

    private static int Told(Terminal terminal, Exception? failure)
    {
        try
        {
            FrozenForks.End();
            return CommandLine.Tell(terminal, failure ?? new InvalidOperationException("it was no exception"));
        }
#pragma warning disable CA1031 // There is nobody left to tell.
        catch (Exception)
#pragma warning restore CA1031
        {
            return CommandLine.InternalError;
        }
    }

    /// <summary>At once: no finaliser and no waiting for threads.</summary>
    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void Exit(int status);
}
