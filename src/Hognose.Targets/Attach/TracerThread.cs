using System.Runtime.ExceptionServices;
using Hognose.Targets.Freezing;

namespace Hognose.Targets.Attach;

/// <summary>ptrace belongs to the OS thread that began it; whatever that leaves traced, the kernel lets go when it ends.</summary>
internal static class TracerThread
{
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            using (new NoTerminalStop())
                try
                {
                    result = work();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
        })
        { Name = "hognose-tracer", IsBackground = true };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
