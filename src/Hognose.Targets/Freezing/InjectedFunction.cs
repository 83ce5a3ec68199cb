using System.Diagnostics;

namespace Hognose.Targets.Freezing;

/// <summary>
/// One call of a function of the target's by a stopped thread of it, after which it stands as it stood before (<see cref="WayHome"/>). Other threads run
/// meanwhile, so the function may wait for them; the thread's signals wait until it is done. What the function returns is not known:
/// it returns into the signal frame.
/// </summary>
internal sealed class InjectedFunction(int process, int thread, CallInstructions code, ulong stackLow, ulong stackHigh)
{
    /// <summary>As an argument: where the data stand.</summary>
    public const ulong DataAddress = ulong.MaxValue - 1;

    private const int ReturnFromSignal = 15;
    private const int SystemCallStop = 0x85;
    private const int ContinuedStop = 5 | (128 << 8);

    private readonly WayHome _home = new(process, thread, code, stackLow, stackHigh);

    /// <summary>A test's: true ends the work there, as our death would.</summary>
    internal Func<CallStep, bool>? DiesAt { get; init; }

    /// <summary>A function that takes longer goes on without us, and the thread finds back by itself.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The signal that the function died of: an invalid access was caught and the thread taken home.</summary>
    public int Fault { get; private set; }

    /// <summary>The thread was let go in the middle of the function, which is not over yet.</summary>
    public bool IsLeftRunning { get; private set; }

    /// <summary>Whether the function was called and has returned, and the thread stands as before.</summary>
    /// <param name="address">Of the function.</param>
    /// <param name="data">Bytes for it to look at, above its stack.</param>
    /// <param name="arguments">Five.</param>
    public bool TryCall(ulong address, ReadOnlySpan<byte> data, params ReadOnlySpan<ulong> arguments)
    {
        if (!_home.TryPrepare(data) || Dies(CallStep.FramesWritten))
            return false;
        var call = _home.Entry(address, 0);
        (call.Rdi, call.Rsi, call.Rdx, call.Rcx, call.R8) = (Value(arguments[0]), Value(arguments[1]), Value(arguments[2]), Value(arguments[3]), Value(arguments[4]));
        return PtraceRegisters.TrySetOptions(thread, PtraceRegisters.OptionTagSystemCalls)
            && PtraceRegisters.TrySet(thread, call) && !Dies(CallStep.RegistersSet)
            && PtraceRegisters.TrySetMask(thread, ulong.MaxValue) && !Dies(CallStep.SignalsBlocked)
            && TryPass() && _home.TryRestore(DiesAt) && Fault == 0;
    }

    private ulong Value(ulong argument) => argument == DataAddress ? _home.Data : argument;

    private bool TryPass()
    {
        if (!TryReturn() || Dies(CallStep.Left))
            return false;
        // From the entry into rt_sigreturn to the state that leads there: the kernel makes another call, of no effect, and stops behind it.
        return PtraceRegisters.TrySet(thread, _home.Return) && PtraceCalls.Interrupt(thread) == 0 && PtraceRegisters.TryGoOn(thread)
            && WaitForStop(TimeSpan.FromSeconds(5)) >= 0 && PtraceRegisters.IsPlainlyStopped(thread) && !Dies(CallStep.StoppedAgain);
    }

    /// <summary>From one system call of the function's to the next, until it returns.</summary>
    private bool TryReturn()
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) is var passed && passed < Patience)
        {
            if (!PtraceRegisters.TryGoToSystemCall(thread))
                return false;
            var stop = WaitForStop(Patience - passed);
            if (stop < 0)
                break;
            if (stop is 4 or 7 or 8 or 11)
            {
                Fault = stop;
                return true;
            }
            if (stop is not (SystemCallStop or ContinuedStop) || Dies(CallStep.Entered))
                return LeaveRunning();
            if (stop == SystemCallStop && PtraceRegisters.TryGet(thread, out var now) && now.OriginalRax == ReturnFromSignal && now.Rsp == _home.Frame + 8)
                return true;
        }
        return LeaveRunning();
    }

    private bool LeaveRunning()
    {
        IsLeftRunning = true;
        return false;
    }

    private int WaitForStop(TimeSpan patience) => PtraceCalls.TryWait(thread, patience, out var status) && status.IsStopped ? status.Raw >> 8 : -1;

    private bool Dies(CallStep step) => DiesAt?.Invoke(step) ?? false;
}
