namespace Hognose.Targets.Freezing;

/// <summary>How far a call in another's name has come; each is an instant at which we may die.</summary>
internal enum CallStep
{
    FramesWritten,
    RegistersSet,
    SignalsBlocked,
    Entered,
    Cloned,
    Left,
    StoppedAgain,
    MaskRestored,
    RegistersRestored,
}

/// <summary>
/// One system call made by a stopped thread of the target, after which it stands as it stood before: in the same call of its own, with the same
/// registers, mask and pending signals (<see cref="WayHome"/>).
/// </summary>
internal sealed class InjectedCall(int process, int thread, CallInstructions code, ulong stackLow, ulong stackHigh)
{
    public const int Close = 3;
    public const int Clone = 56;
    public const int Wait4 = 61;
    public const int CreateMemoryFile = 319;

    /// <summary>As an argument: the stack on which a new process would end itself.</summary>
    public const ulong ChildStack = ulong.MaxValue;

    /// <summary>As an argument: where <see cref="Data"/> stands.</summary>
    public const ulong DataAddress = ulong.MaxValue - 1;

    private const int SystemCallStop = 0x85;
    private const int CloneEvent = 5 | (3 << 8);

    /// <summary>A fork of 100 GB takes a second; a thread that takes longer finds back without us.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly WayHome _home = new(process, thread, code, stackLow, stackHigh);

    /// <summary>A test's: true ends the work there, as our death would.</summary>
    internal Func<CallStep, bool>? DiesAt { get; init; }

    /// <summary>Bytes that the call is given the address of.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>What the kernel answered: a negative error number, or the result.</summary>
    public long Result { get; private set; }

    /// <summary>The new process as we number it; 0 for none.</summary>
    public int Child { get; private set; }

    /// <summary>Whether the call was made and the thread stands as before. If not, it was left alone or finds back when it is let go.</summary>
    /// <param name="number">Of the call.</param>
    /// <param name="arguments">Four.</param>
    public bool TryMake(int number, params ReadOnlySpan<ulong> arguments)
    {
        if (!_home.TryPrepare(Data) || Dies(CallStep.FramesWritten))
            return false;
        var call = _home.Entry(code.Call, (ulong)number);
        (call.Rdi, call.Rsi, call.Rdx, call.R10, call.R8) = (Value(arguments[0]), Value(arguments[1]), Value(arguments[2]), Value(arguments[3]), 0);
        return PtraceRegisters.TrySetOptions(thread, PtraceRegisters.OptionTagSystemCalls | PtraceRegisters.OptionTraceClone)
            && PtraceRegisters.TrySet(thread, call) && !Dies(CallStep.RegistersSet)
            && PtraceRegisters.TrySetMask(thread, ulong.MaxValue) && !Dies(CallStep.SignalsBlocked)
            && TryPass() && _home.TryRestore(DiesAt);
    }

    private ulong Value(ulong argument) => argument switch
    {
        ChildStack => _home.ChildFrame,
        DataAddress => _home.Data,
        _ => argument,
    };

    /// <summary>Through the call: its entry, the clone's event, its exit, and a stop like the one before.</summary>
    private bool TryPass()
    {
        if (!PtraceRegisters.TryGoToSystemCall(thread) || WaitForStop() != SystemCallStop || Dies(CallStep.Entered) || !PtraceRegisters.TryGoToSystemCall(thread))
            return false;
        var stop = WaitForStop();
        if (stop == CloneEvent)
        {
            if (!PtraceRegisters.TryGetEvent(thread, out var child))
                return false;
            Child = child;
            if (Dies(CallStep.Cloned) || !PtraceRegisters.TryGoToSystemCall(thread))
                return false;
            stop = WaitForStop();
        }
        if (stop != SystemCallStop || !PtraceRegisters.TryGet(thread, out var after) || Dies(CallStep.Left))
            return false;
        Result = (long)after.Rax;
        // A call of the thread's own is made again only by a thread that comes from such a stop.
        return PtraceCalls.Interrupt(thread) == 0 && PtraceRegisters.TryGoOn(thread) && WaitForStop() >= 0
            && PtraceRegisters.IsPlainlyStopped(thread) && !Dies(CallStep.StoppedAgain);
    }

    /// <returns>The status word's upper part: signal and event; -1 when the thread is gone or too slow.</returns>
    private int WaitForStop() => PtraceCalls.TryWait(thread, Patience, out var status) && status.IsStopped ? status.Raw >> 8 : -1;

    private bool Dies(CallStep step) => DiesAt?.Invoke(step) ?? false;
}
