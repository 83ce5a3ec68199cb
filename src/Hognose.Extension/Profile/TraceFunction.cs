using System.Runtime.InteropServices;
using Hognose.Extension.Python;

namespace Hognose.Extension.Profile;

/// <summary>The head of <c>PyFrameObject</c> where there is no PyFrame_GetCode yet (3.8): the struct is public there.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyFrameObject
{
    [FieldOffset(32)] public PyObject* Code;
}

/// <summary>
/// The function given to <c>PyEval_SetTrace</c> where there is no <c>sys.monitoring</c> (3.8 to 3.11): called at every call, line and return of its
/// thread. Frames are known by their objects' addresses; what is not the innermost profiled frame is a function that it called.
/// </summary>
internal static unsafe class TraceFunction
{
    private const int CollectorHead = 16;

    /// <summary>PyTrace_…</summary>
    private enum What
    {
        Call = 0,
        Exception = 1,
        Line = 2,
        Return = 3,
    }

    /// <summary>Puts the function on for the calling thread, which has a record.</summary>
    public static void PutOn(ProfilerData* data, ThreadProfile* thread)
    {
        if (thread->Traces++ == 0)
            data->Python.SetTrace((delegate*<PyObject*, PyObject*, int, PyObject*, int>)&OnEvent, ExtensionModule.Python->None);
    }

    public static void TakeOff(ProfilerData* data, ThreadProfile* thread)
    {
        if (--thread->Traces == 0)
            data->Python.SetTrace(null, null);
    }

    private static int OnEvent(PyObject* self, PyObject* frame, int what, PyObject* argument)
    {
        var data = Profiler.State;
        var thread = ThreadProfiles.Current(data);
        if (thread == null)
            return 0;
        var call = thread->Depth == 0 ? null : thread->Calls + thread->Depth - 1;
        var isInnermost = call != null && call->Frame == (nint)frame;
        switch ((What)what)
        {
            case What.Line when isInnermost:
                OnLine(data, thread, call, data->Python.LineOfFrame(frame));
                break;
            case What.Call:
                OnCall(data, thread, frame);
                break;
            case What.Return when isInnermost:
                RunningCalls.Pop(data, thread);
                break;
            case What.Exception when argument != null:
                // The triple of type, value and traceback is made for us.
                BlockCounting.Disown(data, thread, (byte*)argument - CollectorHead);
                break;
        }
        return 0;
    }

    private static void OnLine(ProfilerData* data, ThreadProfile* thread, RunningCall* call, int number)
    {
        var isSame = call->IsResumed && call->Line == call->Code->Lines + (number - call->Code->FirstLine);
        call->IsResumed = false;
        if (!isSame)
            RunningCalls.GoTo(data, thread, call, number);
    }

    private static void OnCall(ProfilerData* data, ThreadProfile* thread, PyObject* frame)
    {
        // With generators that know their frame's owner (3.11) came frame objects that are made only when somebody asks: for us.
        if (data->Python.GeneratorOfFrame != null)
            BlockCounting.Disown(data, thread, (byte*)frame - CollectorHead);
        var code = CodeOf(data, frame);
        var wanted = CallEvents.Wanted(data, code);
        if (wanted == null)
            return;
        var line = data->Python.LineOfFrame(frame);
        var isResumed = wanted->IsSuspendable && line != wanted->FirstLine;
        var call = CallEvents.Enter(data, thread, wanted, line, !isResumed, opens: false);
        if (call == null)
            return;
        call->Frame = (nint)frame;
        call->IsResumed = isResumed;
    }

    /// <summary>Borrowed from the frame.</summary>
    private static PyObject* CodeOf(ProfilerData* data, PyObject* frame)
    {
        if (data->Python.CodeOfFrame == null)
            return ((PyFrameObject*)frame)->Code;
        var code = data->Python.CodeOfFrame(frame);
        ExtensionModule.Python->DecRef(code);
        return code;
    }
}
