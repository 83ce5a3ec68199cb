using Hognose.Agent;

namespace Hognose.Extension.Frozen;

internal unsafe struct FrozenCopyData
{
    /// <summary>0 for none.</summary>
    public nint Process;

    /// <summary>Whose it is: a fork's child has this memory, too, and no such child.</summary>
    public nint Maker;
    public ulong Mask;
    public Poll Poll;

    /// <summary>What is told to the tool, and what it answers; on the stack the compiler would guard it with a cookie of the runtime's.</summary>
    public fixed byte Line[FrozenCopy.LineBytes];
}

/// <summary><c>struct pollfd</c>.</summary>
internal struct Poll
{
    public int Descriptor;
    public short Wanted;
    public short Got;
}

/// <summary>
/// A copy of this process that stands still, for the tool to read: a clone with no exit signal (no SIGCHLD, unseen by <c>os.wait</c>) that shares the table of
/// open files (no pipe stays open because of it) and runs nothing but the few calls below: no handler of pthread_atfork, nothing of Python, no signal
/// handler. It ends with the thread that made it. The caller holds the GIL, so no object is half made.
/// </summary>
internal static unsafe class FrozenCopy
{
    public const int LineBytes = 64;

    private const nint CallPoll = 7;
    private const nint CallMask = 14;
    private const nint CallWrite = 1;
    private const nint CallPause = 34;
    private const nint CallGetPid = 39;
    private const nint CallClone = 56;
    private const nint CallWait4 = 61;
    private const nint CallGetParent = 110;
    private const nint CallPrctl = 157;
    private const nint CallExitGroup = 231;

    private const nint ShareFiles = 0x400;
    private const nint DieWithParent = 1;
    private const nint SetTracer = 0x59616d61;
    private const int SignalKill = 9;
    private const nint SetMask = 2;
    private const nint WaitNoHang = 1;
    private const nint WaitAllKinds = 0x40000000;
    private const short PollIn = 1;

    /// <summary>Of the tool, for its look at this process: milliseconds as a rule.</summary>
    private const nint PatienceMilliseconds = 10_000;

    /// <summary>Has the tool look at this process, then makes the copy, which tells the tool its pid. 0, or the negative number of what went wrong.</summary>
    /// <param name="data">Of the process.</param>
    /// <param name="toTool">The tool's input.</param>
    /// <param name="fromTool">Its output.</param>
    /// <param name="tool">Its pid: the one process that may trace the copy where kernel.yama.ptrace_scope is 1.</param>
    public static nint Make(FrozenCopyData* data, int toTool, int fromTool, nint tool)
    {
        var began = Libc.Nanoseconds(Libc.ClockMonotonic);
        if (!Tell(data, toTool, End(Put(data->Line, Text.C("look"u8)))) || !HasLooked(data, fromTool))
            return NoAnswer;
        var maker = Libc.syscall(CallGetPid, 0, 0, 0, 0, 0);
        // A signal that came to the copy (Ctrl-C goes to the whole group) would run a handler of the program's there.
        var all = ulong.MaxValue;
        Libc.syscall(CallMask, SetMask, (nint)(&all), (nint)(&data->Mask), 8, 0);
        var process = Libc.syscall(CallClone, ShareFiles, 0, 0, 0, 0);
        if (process == 0)
            StandStill(data, maker, toTool, tool, began);
        var failure = process < 0 ? -*Libc.__errno_location() : 0;
        Libc.syscall(CallMask, SetMask, (nint)(&data->Mask), 0, 8, 0);
        data->Process = process > 0 ? process : 0;
        data->Maker = maker;
        return failure;
    }

    /// <summary>Ends the copy and takes it away; false while the kernel is still at it.</summary>
    public static bool End(FrozenCopyData* data)
    {
        if (data->Process == 0 || data->Maker != Libc.syscall(CallGetPid, 0, 0, 0, 0, 0))
        {
            data->Process = 0;
            return true;
        }
        Libc.kill((int)data->Process, SignalKill);
        var taken = Libc.syscall(CallWait4, data->Process, 0, WaitNoHang | WaitAllKinds, 0, 0);
        if (taken == 0)
            return false;
        data->Process = 0;
        return true;
    }

    public const nint NoAnswer = -1000;

    private static void StandStill(FrozenCopyData* data, nint maker, int toTool, nint tool, ulong began)
    {
        Libc.syscall(CallPrctl, DieWithParent, SignalKill, 0, 0, 0);
        Libc.syscall(CallPrctl, SetTracer, tool, 0, 0, 0);
        if (Libc.syscall(CallGetParent, 0, 0, 0, 0, 0) == maker)
        {
            var end = Put(PutNumber(data->Line, (ulong)Libc.syscall(CallGetPid, 0, 0, 0, 0, 0)), Text.C(" "u8));
            Tell(data, toTool, End(PutNumber(end, Libc.Nanoseconds(Libc.ClockMonotonic) - began)));
            while (true)
                Libc.syscall(CallPause, 0, 0, 0, 0, 0);
        }
        Libc.syscall(CallExitGroup, 0, 0, 0, 0, 0);
    }

    /// <summary>The caller keeps both ends of the pipe open, so that a tool that died makes no SIGPIPE.</summary>
    private static bool Tell(FrozenCopyData* data, int toTool, byte* end)
    {
        var length = (nint)(end - data->Line);
        return Libc.syscall(CallWrite, toTool, (nint)data->Line, length, 0, 0) == length;
    }

    private static bool HasLooked(FrozenCopyData* data, int fromTool)
    {
        data->Poll.Descriptor = fromTool;
        data->Poll.Wanted = PollIn;
        var deadline = Libc.Nanoseconds(Libc.ClockMonotonic) + ((ulong)PatienceMilliseconds * 1_000_000);
        // A signal for the program cuts the wait short; its handler in Python runs when we have returned.
        while (Libc.Nanoseconds(Libc.ClockMonotonic) < deadline)
            if (Libc.syscall(CallPoll, (nint)(&data->Poll), 1, PatienceMilliseconds, 0, 0) > 0)
                return Libc.read(fromTool, data->Line, 1) == 1;
        return false;
    }

    private static byte* Put(byte* to, byte* text)
    {
        while (*text != 0)
            *to++ = *text++;
        return to;
    }

    private static byte* PutNumber(byte* to, ulong number)
    {
        var end = to + 1;
        for (var rest = number / 10; rest > 0; rest /= 10)
            end++;
        for (var at = end; at > to; number /= 10)
            *--at = (byte)('0' + (number % 10));
        return end;
    }

    private static byte* End(byte* to)
    {
        *to++ = (byte)'\n';
        return to;
    }
}
