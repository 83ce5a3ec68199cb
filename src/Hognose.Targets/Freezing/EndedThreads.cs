namespace Hognose.Targets.Freezing;

/// <summary>
/// Takes leave of traced threads that ended while their tracer is busy. A program that replaces itself (exec) waits in the kernel until its other threads
/// are gone, and a traced one is gone only when it was waited for; to seize a further thread meanwhile waits, in the kernel, for that exec: without
/// somebody else who waits for the dead, both would stand for ever (kernel: de_thread holds cred_guard_mutex, ptrace_attach wants it).
/// </summary>
internal sealed class EndedThreads : IDisposable
{
    /// <summary>To seize a thread takes microseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly List<int> _seized = [];
    private readonly Timer _timer;
    private bool _isOver;

    public EndedThreads() => _timer = new Timer(_ => TakeLeave(), null, Patience, BetweenLooks);

    public void Add(int threadId)
    {
        lock (_lock)
            _seized.Add(threadId);
    }

    /// <summary>No id is asked for afterwards: it may be a child process's of ours soon.</summary>
    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
        _timer.Dispose();
    }

    private void TakeLeave()
    {
        lock (_lock)
            if (!_isOver)
                _ = _seized.RemoveAll(PtraceCalls.TryTakeLeave);
    }
}
