using Hognose.Agent;
using Hognose.Extension.Profile;
using Hognose.Extension.Python;

namespace Hognose.Extension.Functions;

/// <summary>What the package's wrappers call where there is no <c>sys.monitoring</c>.</summary>
internal static unsafe class TraceFunctions
{
    public static ReadOnlySpan<byte> OpenDoc => "profile_open($module, /)\n--\n\nA call begins that keeps the hooks on, also while it is suspended."u8;

    public static ReadOnlySpan<byte> CloseDoc => "profile_close($module, /)\n--\n\nThat call has ended."u8;

    public static ReadOnlySpan<byte> EnterDoc => "profile_enter($module, is_new_thread=False, /)\n--\n\nTraces this thread from now on; returns what profile_exit takes."u8;

    public static ReadOnlySpan<byte> ExitDoc => "profile_exit($module, token, /)\n--\n\nTakes profile_enter back."u8;

    public static PyObject* Open(PyObject* module, PyObject** arguments, nint count)
    {
        var data = Profiler.State;
        if (!ProfileFunctions.Open(data))
            return null;
        OpenCalls.Begin(data);
        return PythonValues.Shared(ExtensionModule.Python->None);
    }

    public static PyObject* Close(PyObject* module, PyObject** arguments, nint count)
    {
        OpenCalls.End(Profiler.State);
        return PythonValues.Shared(ExtensionModule.Python->None);
    }

    public static PyObject* Enter(PyObject* module, PyObject** arguments, nint count)
    {
        var data = Profiler.State;
        if (!ProfileFunctions.Open(data))
            return null;
        var thread = ThreadProfiles.CurrentOrNew(data);
        if (thread == null)
            return PythonValues.OutOfMemory();
        if (count != 0)
            BeginAnew(data, thread);
        var depth = thread->Depth;
        TraceFunction.PutOn(data, thread);
        return PythonValues.Number(depth);
    }

    /// <summary>A thread that ended without profile_exit may have had its state at the same address.</summary>
    private static void BeginAnew(ProfilerData* data, ThreadProfile* thread)
    {
        while (thread->Depth > 0)
            RunningCalls.Pop(data, thread);
        while (thread->Measurements != null)
            Measurement.End(thread->Measurements);
        thread->Traces = 0;
    }

    /// <summary>Calls that are still on the stack have ended without our being told: somebody took the trace function away meanwhile.</summary>
    public static PyObject* Exit(PyObject* module, PyObject** arguments, nint count)
    {
        var data = Profiler.State;
        var thread = ThreadProfiles.Current(data);
        if (thread == null || count != 1 || thread->Traces == 0)
        {
            ExtensionModule.Python->SetError(ExtensionModule.Python->TypeError, Text.C("profile_exit() takes what profile_enter() gave in the same thread"u8));
            return null;
        }
        var depth = ExtensionModule.Python->LongAsSsize(arguments[0]);
        while (thread->Depth > depth)
            RunningCalls.Pop(data, thread);
        TraceFunction.TakeOff(data, thread);
        CallEvents.HandOnIfIdle(data, thread);
        return PythonValues.Shared(ExtensionModule.Python->None);
    }
}
