using Hognose.Targets.Native;

namespace Hognose.Targets.Freezing;

/// <summary>The ptrace requests that a system call in another's name takes (ptrace(2)). All answer false when the thread isn't stopped or is gone.</summary>
internal static unsafe class PtraceRegisters
{
    public const nint OptionTagSystemCalls = 1;
    public const nint OptionTraceClone = 8;
    public const nint OptionKillOnExit = 0x100000;

    private const nint RequestContinue = 7;
    private const nint RequestSystemCall = 24;
    private const nint RequestSetOptions = 0x4200;
    private const nint RequestEventMessage = 0x4201;
    private const nint RequestGetSignal = 0x4202;
    private const nint RequestGetSet = 0x4204;
    private const nint RequestSetSet = 0x4205;
    private const nint RequestGetMask = 0x420a;
    private const nint RequestSetMask = 0x420b;
    private const nint RequestRestartableSequence = 0x420f;
    private const nint SetGeneral = 1;
    private const nint SetExtendedState = 0x202;

    /// <summary>si_code of a stop of our asking: SIGTRAP and PTRACE_EVENT_STOP. A group stop has no siginfo, a delivery another one.</summary>
    private const int PlainStop = 5 | (128 << 8);

    public static bool TryGet(int thread, out ThreadRegisters registers)
    {
        ThreadRegisters read;
        var vector = new IoVector((nuint)(&read), (nuint)sizeof(ThreadRegisters));
        var done = LibC.ptrace(RequestGetSet, thread, SetGeneral, (nint)(&vector)) == 0 && vector.Length == (nuint)sizeof(ThreadRegisters);
        registers = read;
        return done;
    }

    public static bool TrySet(int thread, ThreadRegisters registers)
    {
        var vector = new IoVector((nuint)(&registers), (nuint)sizeof(ThreadRegisters));
        return LibC.ptrace(RequestSetSet, thread, SetGeneral, (nint)(&vector)) == 0;
    }

    /// <returns>Bytes of the XSAVE area; 0 when there is none.</returns>
    public static int GetExtendedState(int thread, Span<byte> area)
    {
        fixed (byte* start = area)
        {
            var vector = new IoVector((nuint)start, (nuint)area.Length);
            return LibC.ptrace(RequestGetSet, thread, SetExtendedState, (nint)(&vector)) == 0 ? (int)vector.Length : 0;
        }
    }

    public static bool TrySetExtendedState(int thread, ReadOnlySpan<byte> area)
    {
        fixed (byte* start = area)
        {
            var vector = new IoVector((nuint)start, (nuint)area.Length);
            return LibC.ptrace(RequestSetSet, thread, SetExtendedState, (nint)(&vector)) == 0;
        }
    }

    /// <summary>The signals that the thread itself has blocked, also while a call like pselect has put another mask in place.</summary>
    public static bool TryGetMask(int thread, out ulong mask)
    {
        ulong read = 0;
        var done = LibC.ptrace(RequestGetMask, thread, 8, (nint)(&read)) == 0;
        mask = read;
        return done;
    }

    public static bool TrySetMask(int thread, ulong mask) => LibC.ptrace(RequestSetMask, thread, 8, (nint)(&mask)) == 0;

    public static bool TrySetOptions(int thread, nint options) => LibC.ptrace(RequestSetOptions, thread, 0, options) == 0;

    /// <summary>On to the next entry into or exit from a system call.</summary>
    public static bool TryGoToSystemCall(int thread) => LibC.ptrace(RequestSystemCall, thread, 0, 0) == 0;

    public static bool TryGoOn(int thread) => LibC.ptrace(RequestContinue, thread, 0, 0) == 0;

    /// <summary>Of the clone event: the child, as we number it.</summary>
    public static bool TryGetEvent(int thread, out int message)
    {
        ulong read = 0;
        var done = LibC.ptrace(RequestEventMessage, thread, 0, (nint)(&read)) == 0;
        message = (int)read;
        return done;
    }

    /// <summary>Stopped because we asked for it, with no signal under way and not by job control.</summary>
    public static bool IsPlainlyStopped(int thread)
    {
        var siginfo = stackalloc int[32];
        return LibC.ptrace(RequestGetSignal, thread, 0, (nint)siginfo) == 0 && siginfo[2] == PlainStop;
    }

    /// <summary>Where the thread's <c>struct rseq</c> stands, 0 for none; false where the kernel cannot tell (before Linux 5.13).</summary>
    public static bool TryGetRestartableSequence(int thread, out ulong address)
    {
        var configuration = stackalloc ulong[3];
        var done = LibC.ptrace(RequestRestartableSequence, thread, 24, (nint)configuration) >= 0;
        address = done ? configuration[0] : 0;
        return done;
    }
}
