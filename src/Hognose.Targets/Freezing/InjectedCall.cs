using Hognose.Targets.Native;

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
/// registers, mask and pending signals. Before a register is changed a signal frame with all of them lies below its stack, and the call returns
/// into that frame: whenever we die, the thread finds back by itself. Works only on the main thread, whose stack is known.
/// </summary>
internal sealed unsafe class InjectedCall(int process, int thread, CallInstructions code, ulong stackLow, ulong stackHigh)
{
    public const int Clone = 56;
    public const int Wait4 = 61;
    private const int ExitGroup = 231;

    /// <summary>Below the stack pointer belongs to the running function (System V ABI, 3.2.2).</summary>
    private const ulong RedZone = 128;

    private const int PageSize = 4096;
    private const int SystemCallStop = 0x85;
    private const int CloneEvent = 5 | (3 << 8);

    /// <summary>A fork of 100 GB takes a second; a thread that takes longer finds back without us.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private ThreadRegisters _original;
    private ulong _mask;
    private ulong _frame;
    private ulong _childFrame;

    /// <summary>A test's: true ends the work there, as our death would.</summary>
    internal Func<CallStep, bool>? DiesAt { get; init; }

    /// <summary>What the kernel answered: a negative error number, or the result.</summary>
    public long Result { get; private set; }

    /// <summary>The new process as we number it; 0 for none.</summary>
    public int Child { get; private set; }

    /// <summary>Whether the call was made and the thread stands as before. If not, it was left alone or finds back when it is let go.</summary>
    /// <param name="number">Of the call.</param>
    /// <param name="arguments">Up to four; -1 as the second stands for the stack on which a new process would end itself.</param>
    public bool TryMake(int number, params ReadOnlySpan<ulong> arguments)
    {
        if (!IsUsable() || !TryWriteFrames() || Dies(CallStep.FramesWritten))
            return false;
        var call = _original;
        call.Rax = (ulong)number;
        call.OriginalRax = ulong.MaxValue;
        call.Rip = code.Call;
        call.Rsp = _frame;
        (call.Rdi, call.Rsi, call.Rdx, call.R10, call.R8) = (arguments[0], arguments[1] == ulong.MaxValue ? _childFrame : arguments[1], arguments[2], arguments[3], 0);
        return PtraceRegisters.TrySetOptions(thread, PtraceRegisters.OptionTagSystemCalls | PtraceRegisters.OptionTraceClone)
            && PtraceRegisters.TrySet(thread, call) && !Dies(CallStep.RegistersSet)
            && PtraceRegisters.TrySetMask(thread, ulong.MaxValue) && !Dies(CallStep.SignalsBlocked)
            && TryPass() && TryRestore();
    }

    /// <summary>
    /// A thread within a restartable sequence must not be taken elsewhere: the kernel would then forget to abort it. Those inside a call are in none.
    /// </summary>
    private bool IsUsable() =>
        PtraceRegisters.IsPlainlyStopped(thread)
        && PtraceRegisters.TryGet(thread, out _original)
        && PtraceRegisters.TryGetMask(thread, out _mask)
        && _original.Is64Bit
        && _original.Rsp > stackLow && _original.Rsp <= stackHigh
        && (_original.IsInSystemCall || IsOutsideRestartableSequence());

    private bool IsOutsideRestartableSequence()
    {
        const ulong criticalSection = 8;
        if (!PtraceRegisters.TryGetRestartableSequence(thread, out var address))
            return false;
        ulong section = 0;
        return address == 0 || (Transfer(address + criticalSection, (byte*)&section, 8, write: false) && section == 0);
    }

    private bool TryWriteFrames()
    {
        // Twice the bound: tiles that nobody uses make what ptrace tells longer than what a frame holds.
        var state = new byte[4 * ReturnFrame.LargestState];
        if (!ReturnFrame.TryMakeState(state, PtraceRegisters.GetExtendedState(thread, state), out var length))
            return false;
        var stateAt = (_original.Rsp - RedZone - (ulong)length) & ~63UL;
        _frame = (stateAt - ReturnFrame.Size) & ~15UL;
        _childFrame = (_frame - ReturnFrame.Size) & ~15UL;
        if (_childFrame < stackLow + PageSize || _childFrame > _original.Rsp)
            return false;
        var all = new byte[stateAt + (ulong)length - _childFrame];
        state.AsSpan(0, length).CopyTo(all.AsSpan((int)(stateAt - _childFrame)));
        ReturnFrame.Write(all.AsSpan((int)(_frame - _childFrame), ReturnFrame.Size), code.Restorer, ReturnFrame.Restarted(_original), _mask, stateAt);
        var end = new ThreadRegisters { Rax = ExitGroup, Rip = code.Call, Rsp = _childFrame, Flags = _original.Flags, Cs = _original.Cs, Ss = _original.Ss };
        ReturnFrame.Write(all.AsSpan(0, ReturnFrame.Size), code.Restorer, end, ulong.MaxValue, 0);
        fixed (byte* start = all)
            return Transfer(_childFrame, start, all.Length, write: true);
    }

    private bool Transfer(ulong address, byte* bytes, int length, bool write)
    {
        var local = new IoVector((nuint)bytes, (nuint)length);
        var remote = new IoVector((nuint)address, (nuint)length);
        return (write
            ? LibC.process_vm_writev(process, &local, 1, &remote, 1, 0)
            : LibC.process_vm_readv(process, &local, 1, &remote, 1, 0)) == length;
    }

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

    private bool TryRestore() =>
        PtraceRegisters.TrySetMask(thread, _mask) && !Dies(CallStep.MaskRestored)
        && PtraceRegisters.TrySet(thread, _original) && !Dies(CallStep.RegistersRestored)
        && PtraceRegisters.TrySetOptions(thread, 0);

    /// <returns>The status word's upper part: signal and event; -1 when the thread is gone or too slow.</returns>
    private int WaitForStop() => PtraceCalls.TryWait(thread, Patience, out var status) && status.IsStopped ? status.Raw >> 8 : -1;

    private bool Dies(CallStep step) => DiesAt?.Invoke(step) ?? false;
}
