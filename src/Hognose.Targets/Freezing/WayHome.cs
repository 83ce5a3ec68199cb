using Hognose.Targets.Native;

namespace Hognose.Targets.Freezing;

/// <summary>
/// What a stopped thread was about to do, kept twice: here, and as a signal frame below its stack. Whatever it is made to call returns into that
/// frame, so whenever we die it finds back by itself. Only for the main thread, whose stack is known.
/// </summary>
internal sealed unsafe class WayHome(int process, int thread, CallInstructions code, ulong stackLow, ulong stackHigh)
{
    private const ulong ExitGroup = 231;
    private const ulong GetProcessId = 39;

    /// <summary>Below the stack pointer belongs to the running function (System V ABI, 3.2.2).</summary>
    private const ulong RedZone = 128;

    private const int PageSize = 4096;
    private const int CallLength = 2;

    /// <summary>Twice the bound: tiles that nobody uses make what ptrace tells longer than what a frame holds.</summary>
    private readonly byte[] _extended = new byte[4 * ReturnFrame.LargestState];

    private ThreadRegisters _original;
    private ulong _mask;
    private int _extendedLength;

    /// <summary>Of the thread when it was stopped.</summary>
    public ThreadRegisters Original => _original;

    /// <summary>The stack pointer with which a call returns into the frame.</summary>
    public ulong Frame { get; private set; }

    /// <summary>The stack on which a new process ends itself.</summary>
    public ulong ChildFrame { get; private set; }

    /// <summary>Where the bytes stand that the call is given.</summary>
    public ulong Data { get; private set; }

    /// <summary>The state on the way home: a call without effect was made, and its return leads into the frame.</summary>
    public ThreadRegisters Return => At(GetProcessId, code.Call + CallLength);

    /// <summary>Writes the frames; the thread stays as it is.</summary>
    public bool TryPrepare(ReadOnlySpan<byte> data) => IsUsable() && TryWriteFrames(data);

    /// <summary>The thread as it enters a call, on the stack that is kept for it.</summary>
    public ThreadRegisters Entry(ulong address, ulong accumulator)
    {
        const ulong directionFlag = 1 << 10;
        var call = At(ulong.MaxValue, address);
        call.Rax = accumulator;
        call.Flags &= ~directionFlag;
        return call;
    }

    /// <summary>Registers last: the stop before must be one like the first, or the kernel would not make an interrupted call again.</summary>
    public bool TryRestore(Func<CallStep, bool>? diesAt) =>
        (_extendedLength == 0 || PtraceRegisters.TrySetExtendedState(thread, _extended.AsSpan(0, _extendedLength)))
        && PtraceRegisters.TrySetMask(thread, _mask) && diesAt?.Invoke(CallStep.MaskRestored) != true
        && PtraceRegisters.TrySet(thread, _original) && diesAt?.Invoke(CallStep.RegistersRestored) != true
        && PtraceRegisters.TrySetOptions(thread, 0);

    public bool Transfer(ulong address, byte* bytes, int length, bool write)
    {
        var local = new IoVector((nuint)bytes, (nuint)length);
        var remote = new IoVector((nuint)address, (nuint)length);
        return (write
            ? LibC.process_vm_writev(process, &local, 1, &remote, 1, 0)
            : LibC.process_vm_readv(process, &local, 1, &remote, 1, 0)) == length;
    }

    private ThreadRegisters At(ulong call, ulong address)
    {
        var registers = _original;
        (registers.OriginalRax, registers.Rax, registers.Rip, registers.Rsp) = (call, call, address, Frame);
        return registers;
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

    /// <summary>From above: the thread's extended state, the data, the frame, and the frame in which a child ends itself.</summary>
    private bool TryWriteFrames(ReadOnlySpan<byte> data)
    {
        _extendedLength = PtraceRegisters.GetExtendedState(thread, _extended);
        var state = _extended.ToArray();
        if (!ReturnFrame.TryMakeState(state, _extendedLength, out var length))
            return false;
        var stateAt = (_original.Rsp - RedZone - (ulong)length) & ~63UL;
        Data = (stateAt - (ulong)data.Length) & ~15UL;
        // A function begins with its return address 8 bytes off.
        Frame = ((Data - ReturnFrame.Size) & ~15UL) - 8;
        ChildFrame = (Frame - ReturnFrame.Size) & ~15UL;
        if (ChildFrame < stackLow + PageSize || ChildFrame > _original.Rsp)
            return false;
        var all = new byte[stateAt + (ulong)length - ChildFrame];
        state.AsSpan(0, length).CopyTo(all.AsSpan((int)(stateAt - ChildFrame)));
        data.CopyTo(all.AsSpan((int)(Data - ChildFrame)));
        ReturnFrame.Write(all.AsSpan((int)(Frame - ChildFrame), ReturnFrame.Size), code.Restorer, ReturnFrame.Restarted(_original), _mask, stateAt);
        var end = new ThreadRegisters { Rax = ExitGroup, Rip = code.Call, Rsp = ChildFrame, Flags = _original.Flags, Cs = _original.Cs, Ss = _original.Ss };
        ReturnFrame.Write(all.AsSpan(0, ReturnFrame.Size), code.Restorer, end, ulong.MaxValue, 0);
        fixed (byte* start = all)
            return Transfer(ChildFrame, start, all.Length, write: true);
    }
}
