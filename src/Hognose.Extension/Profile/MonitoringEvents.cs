using System.Runtime.CompilerServices;
using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Profile;

/// <summary>
/// The callbacks that the package registers with <c>sys.monitoring</c> (3.12+). Each gets the code object and a number that CPython makes an int
/// of before and drops after: that int is disowned, or each line would seem to allocate it.
/// </summary>
internal static unsafe class MonitoringEvents
{
    /// <summary>Ints up to here are made once for all.</summary>
    private const int LargestSmallInt = 256;

    public static ReadOnlySpan<byte> LineDoc => "profile_line($module, code, line, /)\n--\n\nCallback of LINE."u8;

    public static ReadOnlySpan<byte> JumpDoc => "profile_jump($module, code, offset, destination, /)\n--\n\nCallback of JUMP."u8;

    public static ReadOnlySpan<byte> StartDoc => "profile_start($module, code, offset, /)\n--\n\nCallback of PY_START."u8;

    public static ReadOnlySpan<byte> ResumeDoc => "profile_resume($module, code, offset, what=None, /)\n--\n\nCallback of PY_RESUME and PY_THROW."u8;

    public static ReadOnlySpan<byte> YieldDoc => "profile_yield($module, code, offset, what, /)\n--\n\nCallback of PY_YIELD."u8;

    public static ReadOnlySpan<byte> LeaveDoc => "profile_leave($module, code, offset, what, /)\n--\n\nCallback of PY_RETURN and PY_UNWIND."u8;

    public static PyObject* Line(PyObject* module, PyObject** arguments, nint count)
    {
        if (!IsEvent(arguments, count))
            return WrongArguments();
        var data = Profiler.State;
        var number = (int)ExtensionModule.Python->LongAsSsize(arguments[1]);
        var thread = ThreadProfiles.Current(data);
        var call = thread == null || thread->Depth == 0 ? null : thread->Calls + thread->Depth - 1;
        if (call == null || call->Code->Code != arguments[0])
            call = LateCall(data, &thread, arguments[0], number);
        if (call != null)
        {
            Disown(data, thread, arguments[1], number);
            RunningCalls.GoTo(data, thread, call, number);
        }
        return None();
    }

    /// <summary>
    /// A loop that stands on one line has no event of that line for its further turns. Sent for all jumps, so what is no such turn is asked for
    /// no more, as CPython's own sys.settrace does it.
    /// </summary>
    public static PyObject* Jump(PyObject* module, PyObject** arguments, nint count)
    {
        if (!IsEvent(arguments, count) || count < 3 || (arguments[2]->Type->Flags & TypeFlags.LongSubclass) == 0)
            return WrongArguments();
        var data = Profiler.State;
        var thread = ThreadProfiles.Current(data);
        if (thread == null)
            return None();
        var from = (int)ExtensionModule.Python->LongAsSsize(arguments[1]);
        var to = (int)ExtensionModule.Python->LongAsSsize(arguments[2]);
        Disown(data, thread, arguments[2], to);
        Disown(data, thread, arguments[1], from);
        if (to >= from || data->Python.LineAt(arguments[0], to) != data->Python.LineAt(arguments[0], from))
            return PythonValues.Shared(data->Disable);
        var call = thread->Depth == 0 ? null : thread->Calls + thread->Depth - 1;
        if (call != null && call->Code->Code == arguments[0])
            MeasuredCalls.CameToLine(thread, call);
        return None();
    }

    public static PyObject* Start(PyObject* module, PyObject** arguments, nint count) => Begin(arguments, count, isStart: true);

    public static PyObject* Resume(PyObject* module, PyObject** arguments, nint count) => Begin(arguments, count, isStart: false);

    public static PyObject* Yield(PyObject* module, PyObject** arguments, nint count) => End(arguments, count, ends: false);

    public static PyObject* Leave(PyObject* module, PyObject** arguments, nint count) => End(arguments, count, ends: true);

    private static PyObject* Begin(PyObject** arguments, nint count, bool isStart)
    {
        if (!IsEvent(arguments, count))
            return WrongArguments();
        var data = Profiler.State;
        var code = CallEvents.Wanted(data, arguments[0]);
        var thread = code == null ? null : ThreadProfiles.CurrentOrNew(data);
        if (thread == null)
            return code == null && isStart && data->Matcher != null ? PythonValues.Shared(data->Disable) : None();
        var offset = (int)ExtensionModule.Python->LongAsSsize(arguments[1]);
        Disown(data, thread, arguments[1], offset);
        CallEvents.Enter(data, thread, code, data->Python.LineAt(arguments[0], offset), isStart, opens: true);
        return None();
    }

    private static PyObject* End(PyObject** arguments, nint count, bool ends)
    {
        if (!IsEvent(arguments, count))
            return WrongArguments();
        var data = Profiler.State;
        var code = CodeIndex.Find(&data->Codes, arguments[0]);
        var thread = code == null ? null : ThreadProfiles.Current(data);
        if (thread == null)
            return None();
        Disown(data, thread, arguments[1], (int)ExtensionModule.Python->LongAsSsize(arguments[1]));
        CallEvents.Leave(data, thread, code, ends);
        CallEvents.HandOnIfIdle(data, thread);
        return None();
    }

    /// <summary>The call that a line belongs to when it is not the innermost one we know: calls above it ended unseen, or it began before we listened.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RunningCall* LateCall(ProfilerData* data, ThreadProfile** thread, PyObject* code, int line)
    {
        var wanted = CallEvents.Wanted(data, code);
        if (wanted == null)
            return null;
        var call = *thread == null ? null : RunningCalls.Uncover(data, *thread, wanted);
        if (call != null)
            return call;
        *thread = ThreadProfiles.CurrentOrNew(data);
        return *thread == null ? null : CallEvents.Enter(data, *thread, wanted, line, isStart: true, opens: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Disown(ProfilerData* data, ThreadProfile* thread, PyObject* number, int value)
    {
        if (value > LargestSmallInt)
            BlockCounting.Disown(data, thread, number);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsEvent(PyObject** arguments, nint count) =>
        count >= 2 && arguments[0]->Type == ExtensionModule.Python->CodeType && (arguments[1]->Type->Flags & TypeFlags.LongSubclass) != 0;

    private static PyObject* WrongArguments()
    {
        ExtensionModule.Python->SetError(ExtensionModule.Python->TypeError, Text.C("a code object and an offset or a line are expected"u8));
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PyObject* None() => PythonValues.Shared(ExtensionModule.Python->None);
}
