using Hognose.Extension.Python;

namespace Hognose.Extension.Profile;

/// <summary>A profiled function begins, goes on, is suspended or ends: what both ways of being told (monitoring, trace function) have in common.</summary>
internal static unsafe class CallEvents
{
    /// <summary>The code's entry if it is to be counted; null else. Code that was never seen is offered to the matcher, if there is one.</summary>
    public static ProfiledCode* Wanted(ProfilerData* data, PyObject* code)
    {
        var known = CodeIndex.Find(&data->Codes, code);
        if (known == null && data->Matcher != null)
            known = Offered(data, code);
        return known != null && known->Requests > 0 ? known : null;
    }

    /// <param name="isStart">False: a generator goes on.</param>
    /// <param name="opens">The call is to keep the hooks on until it ends.</param>
    public static RunningCall* Enter(ProfilerData* data, ThreadProfile* thread, ProfiledCode* code, int line, bool isStart, bool opens)
    {
        if (isStart)
            code->Calls++;
        var call = RunningCalls.Push(data, thread, code, line);
        if (call == null)
            return null;
        if (isStart)
        {
            code->ResidentBefore = data->Resident.Bytes;
            MeasuredCalls.Began(thread, call, data->Resident.Bytes);
        }
        if (opens && code->IsSuspendable)
        {
            OpenCalls.BeginGenerator(data, thread);
        }
        else if (opens)
        {
            call->IsOpen = true;
            OpenCalls.Begin(data);
        }
        return call;
    }

    /// <param name="ends">False: a generator is suspended.</param>
    public static void Leave(ProfilerData* data, ThreadProfile* thread, ProfiledCode* code, bool ends)
    {
        var call = RunningCalls.Uncover(data, thread, code);
        if (call == null)
            return;
        var isOpen = call->IsOpen;
        RunningCalls.Pop(data, thread);
        if (ends && code->IsSuspendable)
            OpenCalls.EndGenerator(data, thread);
        else if (isOpen)
            OpenCalls.End(data);
    }

    public static void HandOnIfIdle(ProfilerData* data, ThreadProfile* thread)
    {
        if (thread->Depth == 0 && thread->Traces == 0 && thread->Measurements == null)
            ThreadProfiles.HandOn(data, thread);
    }

    /// <summary>Asks the package's matcher, which adds the code if it wants it; what it doesn't want is remembered.</summary>
    private static ProfiledCode* Offered(ProfilerData* data, PyObject* code)
    {
        var python = ExtensionModule.Python;
        var arguments = python->NewTuple(1);
        if (!PythonValues.Put(arguments, 0, PythonValues.Shared(code)))
        {
            python->ClearError();
            return null;
        }
        // While it decides, its own functions must not be offered.
        var matcher = data->Matcher;
        data->Matcher = null;
        var thread = ThreadProfiles.Current(data);
        if (thread != null)
            thread->IsOurs = true;
        var answer = data->Python.CallWith(matcher, arguments);
        if (thread != null)
            thread->IsOurs = false;
        data->Matcher = matcher;
        python->DecRef(arguments);
        if (answer == null)
            python->ClearError();
        else
            python->DecRef(answer);
        var added = CodeIndex.Find(&data->Codes, code);
        return added != null || answer == null ? added : CodeIndex.Add(&data->Codes, PythonValues.Shared(code), 0, 0);
    }
}
