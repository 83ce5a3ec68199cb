namespace Hognose.Targets.Freezing;

internal enum ThreadState
{
    /// <summary>Interrupted, not yet seen to stop.</summary>
    Pending,
    Stopped,

    /// <summary>Inside the kernel, with a stop waiting at the way out.</summary>
    InKernel,
    Gone,
}

internal sealed class StoppedThread(int id)
{
    public int Id => id;

    public ThreadState State { get; set; }

    /// <summary>Handed on when the thread is let go; 0 for none.</summary>
    public int SignalUnderWay { get; set; }
}
