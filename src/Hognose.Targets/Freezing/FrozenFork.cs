using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;
using Hognose.Targets.Resident;

namespace Hognose.Targets.Freezing;

/// <summary>
/// A target's memory at one instant as a copy-on-write child that stands still: the target goes on after the fork. All
/// is done by one OS thread, which stays the child's tracer until this is disposed of.
/// </summary>
internal sealed class FrozenFork : IDisposable
{
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMilliseconds(16);

    private readonly TargetProcess _process;
    private readonly CopyOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly ForkedChild _child;
    private readonly Thread _tracer;
    private readonly ManualResetEventSlim _taken = new();
    private readonly ManualResetEventSlim _end = new();
    private ExceptionDispatchInfo? _failure;
    private bool _isInKernel;

    private FrozenFork(TargetProcess process, ForkedChild child, CopyOptions options, CancellationToken cancellation)
    {
        _process = process;
        _child = child;
        _options = options;
        _cancellation = cancellation;
        _tracer = new Thread(Trace) { Name = "hognose-tracer", IsBackground = true };
    }

    /// <summary>Null when the process could not be forked.</summary>
    public TargetProcess? Child { get; private set; }

    /// <summary>All stops together.</summary>
    public TimeSpan Pause { get; private set; }

    public int Stops { get; private set; }

    public int Threads { get; private set; }

    public bool WasSuitableInstant { get; private set; }

    /// <summary>Of the target at the instant.</summary>
    public ProcStatus? Status { get; private set; }

    /// <summary>Of the target, just before the fork, which makes all its memory shared; null unless asked for.</summary>
    public ResidentAccount? Account { get; private set; }

    /// <summary>Of the target at the instant: what it keeps out of a fork (MADV_DONTFORK) is missing in the child.</summary>
    public IReadOnlyList<Mapping> Mappings { get; private set; } = [];

    /// <summary>False when a zombie was left in the target; known once this is disposed of.</summary>
    public bool IsBuried { get; private set; } = true;

    /// <summary>The fork, which the caller disposes of; or why there is none, and the target goes on as before.</summary>
    /// <exception cref="CannotContinueException">The target ended, is traced by another, or doesn't stop.</exception>
    public static FrozenFork? TryTake(
        TargetProcess process, IReadOnlyList<Mapping> mappings, CopyOptions options, CancellationToken cancellation, out string reason,
        Func<CallStep, bool>? diesAt = null)
    {
        reason = ReasonAgainst(process, mappings, out var code, out var stack);
        if (reason.Length > 0)
            return null;
        var fork = new FrozenFork(process, new ForkedChild(process, code, stack) { DiesAt = diesAt }, options, cancellation);
        fork._tracer.Start();
        FrozenForks.Add(fork);
        fork._taken.Wait(CancellationToken.None);
        if (fork.Child is not null)
            return fork;
        reason = fork._isInKernel ? "one of its threads stays inside the kernel (a vfork, a slow disk)" : "its main thread was not to be had for it, or the kernel refused";
        fork.Dispose();
        fork._failure?.Throw();
        return null;
    }

    public void Dispose()
    {
        if (_end.IsSet)
            return;
        _end.Set();
        _tracer.Join();
        FrozenForks.Remove(this);
        _taken.Dispose();
    }

    private static string ReasonAgainst(TargetProcess process, IReadOnlyList<Mapping> mappings, out CallInstructions code, out Mapping stack)
    {
        code = default;
        stack = mappings.FirstOrDefault(mapping => mapping.Path == "[stack]");
        var status = process.ReadStatus();
        return status switch
        {
            { IsFiltered: true } => "a seccomp filter judges its system calls",
            { HasShadowStack: true } => "it has a shadow stack",
            { State: 'T' or 't' } => "it is stopped by a signal",
            _ when stack.Length == 0 => "its stack is not where the kernel put it",
            _ when !CallInstructions.TryFind(process, mappings, out code) || !code.IsStillThere(process.Memory) => "its libc is not to be found",
            _ => "",
        };
    }

    private void Trace()
    {
        using (new NoTerminalStop())
            try
            {
                Take();
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        _taken.Set();
        _end.Wait(CancellationToken.None);
        IsBuried = _child.Bury();
    }

    private void Take()
    {
        for (var isForked = false; !isForked && Stops < _options.Tries;)
        {
            if (Stops > 0)
                _cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Min(LongestBreak.TotalMilliseconds, 1 << Math.Min(Stops - 1, 10))));
            Stops++;
            var stopper = new ThreadStopper(_process);
            try
            {
                stopper.StopAll(_cancellation);
                // Not before: the target's threads need the processors to reach their stops.
                Haste.Begin();
                isForked = IsGoodInstant(stopper) && TryFork(stopper);
            }
            finally
            {
                stopper.Release();
                if (stopper.FirstInterrupt != 0)
                    Pause += Stopwatch.GetElapsedTime(stopper.FirstInterrupt);
            }
            // Half-way on, and found back by itself: not a second time. Nor beside a thread that no release could reach: it is ours until this thread ends.
            if (_child.Id != 0 || _isInKernel)
                break;
        }
    }

    /// <summary>A thread inside the kernel may hold what a fork would wait for.</summary>
    private bool IsGoodInstant(ThreadStopper stopper)
    {
        if (!_process.IsStillThere())
            throw ProcessAccess.Ended(_process);
        _isInKernel = stopper.Threads.Any(thread => thread.State == ThreadState.InKernel);
        if (_isInKernel)
            return false;
        WasSuitableInstant = _options.IsSuitableInstant?.Invoke(_process.Memory) ?? true;
        return WasSuitableInstant || Stops >= _options.Tries;
    }

    private bool TryFork(ThreadStopper stopper)
    {
        Account = _options.ReadsAccount ? ResidentAccount.Read(_process, _options.Limits) : null;
        var isBorn = _child.TryBear();
        stopper.Spared = isBorn ? _child.Id : 0;
        if (!isBorn)
            return false;
        Threads = stopper.Threads.Count(thread => thread.State != ThreadState.Gone);
        Status = _process.ReadStatus();
        Mappings = _process.ReadMappings(_options.Limits);
        Child = TargetProcess.OfFrozenCopy(_child.Id);
        return true;
    }
}
