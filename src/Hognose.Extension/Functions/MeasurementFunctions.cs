using Hognose.Agent;
using Hognose.Extension.Profile;
using Hognose.Extension.Python;

namespace Hognose.Extension.Functions;

/// <summary>Figures of some code objects by themselves, in one thread from begin to end. A measurement lives in a capsule.</summary>
internal static unsafe class MeasurementFunctions
{
    public static ReadOnlySpan<byte> BeginDoc =>
        "profile_begin($module, codes, /)\n--\n\nMeasures calls of a tuple of code objects, known by profile_add, in this thread from now on; returns what the others take."u8;

    public static ReadOnlySpan<byte> TakeDoc =>
        "profile_take($module, measurement, /)\n--\n\n[(calls, resident_before_first, largest_resident_before, lines as in profile_read)] by code object since last taken."u8;

    public static ReadOnlySpan<byte> EndDoc => "profile_end($module, measurement, /)\n--\n\nMeasures no more; what was measured can be taken still."u8;

    private static ReadOnlySpan<byte> Name => "hognose._hognose.measurement"u8;

    public static PyObject* Begin(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        var data = Profiler.State;
        if (count != 1 || arguments[0]->Type != python->TupleType || !AreKnown(data, arguments[0]))
        {
            python->SetError(python->TypeError, Text.C("profile_begin() takes a tuple of code objects that profile_add() was given"u8));
            return null;
        }
        var thread = ThreadProfiles.CurrentOrNew(data);
        var measurement = thread == null ? null : Made(data, arguments[0]);
        if (measurement == null)
            return PythonValues.OutOfMemory();
        var capsule = python->NewCapsule(measurement, Text.C(Name), &Free);
        if (capsule == null)
            Measurement.Free(measurement);
        else
            Measurement.Begin(measurement, thread);
        return capsule;
    }

    public static PyObject* Take(PyObject* module, PyObject** arguments, nint count)
    {
        var measurement = Of(arguments, count);
        var list = measurement == null ? null : ExtensionModule.Python->NewList(0);
        for (var index = 0; list != null && index < measurement->Count; index++)
        {
            var code = measurement->Codes + index;
            if (PythonValues.Append(list, Figures(code)))
            {
                Reset(code);
                continue;
            }
            ExtensionModule.Python->DecRef(list);
            list = null;
        }
        return list;
    }

    public static PyObject* End(PyObject* module, PyObject** arguments, nint count)
    {
        var measurement = Of(arguments, count);
        if (measurement == null)
            return null;
        Finish(measurement);
        return PythonValues.Shared(ExtensionModule.Python->None);
    }

    private static bool AreKnown(ProfilerData* data, PyObject* codes)
    {
        for (nint index = 0, end = ExtensionModule.Python->TupleSize(codes); index < end; index++)
        {
            var code = CodeIndex.Find(&data->Codes, ExtensionModule.Python->TupleItem(codes, index));
            if (code == null || code->LineCount == 0)
                return false;
        }
        return true;
    }

    private static Measurement* Made(ProfilerData* data, PyObject* codes)
    {
        var count = ExtensionModule.Python->TupleSize(codes);
        nint lines = 0;
        for (nint index = 0; index < count; index++)
            lines += CodeIndex.Find(&data->Codes, ExtensionModule.Python->TupleItem(codes, index))->LineCount;
        var measurement = Measurement.New((int)count, lines);
        for (nint index = 0; measurement != null && index < count; index++)
            Measurement.Add(measurement, CodeIndex.Find(&data->Codes, ExtensionModule.Python->TupleItem(codes, index)));
        return measurement;
    }

    private static PyObject* Figures(MeasuredCode* code)
    {
        var lines = ProfileFunctions.Lines(code->Code, code->Lines);
        var tuple = lines == null ? null : ExtensionModule.Python->NewTuple(4);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Number((nint)code->Calls))
            & PythonValues.Put(tuple, 1, PythonValues.Number((nint)code->FirstResidentBefore))
            & PythonValues.Put(tuple, 2, PythonValues.Number((nint)code->LargestResidentBefore))
            & PythonValues.Put(tuple, 3, lines);
        return PythonValues.Whole(tuple, isMade);
    }

    private static void Reset(MeasuredCode* code)
    {
        code->Calls = code->FirstResidentBefore = code->LargestResidentBefore = 0;
        Libc.memset(code->Lines, 0, (nuint)code->Code->LineCount * (nuint)sizeof(LineCounter));
    }

    /// <summary>Null with Python's error set: no such capsule.</summary>
    private static Measurement* Of(PyObject** arguments, nint count)
    {
        if (count == 1)
            return (Measurement*)ExtensionModule.Python->CapsulePointer(arguments[0], Text.C(Name));
        ExtensionModule.Python->SetError(ExtensionModule.Python->TypeError, Text.C("what profile_begin() returned is expected"u8));
        return null;
    }

    private static void Finish(Measurement* measurement)
    {
        var thread = measurement->Thread;
        Measurement.End(measurement);
        if (thread != null)
            CallEvents.HandOnIfIdle(Profiler.State, thread);
    }

    private static void Free(PyObject* capsule)
    {
        var measurement = (Measurement*)ExtensionModule.Python->CapsulePointer(capsule, Text.C(Name));
        Finish(measurement);
        Measurement.Free(measurement);
    }
}
