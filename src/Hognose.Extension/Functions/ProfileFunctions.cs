using Hognose.Agent;
using Hognose.Extension.Profile;
using Hognose.Extension.Python;

namespace Hognose.Extension.Functions;

/// <summary>What the package's line profiler asks for: which code to count, and what was counted.</summary>
internal static unsafe class ProfileFunctions
{
    private const int MostLines = 1 << 20;

    public static ReadOnlySpan<byte> AddDoc =>
        "profile_add($module, code, first_line, lines, is_suspendable, /)\n--\n\nCounts calls of a code object from now on, which has that many lines."u8;

    public static ReadOnlySpan<byte> DropDoc => "profile_drop($module, code, /)\n--\n\nTakes one profile_add back."u8;

    public static ReadOnlySpan<byte> ReadDoc =>
        "profile_read($module, code, reset, /)\n--\n\n(calls, peak, resident_before, [(line, occurrences, allocated, freed, older_frees, peak, held, resident, largest_resident, resident_growth)])."u8;

    public static ReadOnlySpan<byte> ResidentDoc =>
        "profile_resident($module, kind, /)\n--\n\nThe process's resident bytes now: RSS (0), PSS (1) or USS (2), which lines are measured with from now on."u8;

    public static ReadOnlySpan<byte> MatchDoc =>
        "profile_match($module, matcher, /)\n--\n\nmatcher(code) is called for code that was never seen; None ends that."u8;

    public static ReadOnlySpan<byte> DisableDoc => "profile_disable($module, disable, /)\n--\n\nWhat sys.monitoring takes for: do not call for this place again."u8;

    public static ReadOnlySpan<byte> StateDoc => "profile_state($module, /)\n--\n\n(open calls, bits of the domains whose allocator is hooked)."u8;

    public static PyObject* Add(PyObject* module, PyObject** arguments, nint count)
    {
        var data = Profiler.State;
        if (!IsCode(arguments, count, 4) || !AreNumbers(arguments + 1, 3))
            return Wrong(Text.C("profile_add() takes a code object and three numbers"u8));
        if (!Open(data))
            return null;
        var code = CodeIndex.Find(&data->Codes, arguments[0]);
        if (code == null || code->LineCount == 0)
        {
            var lines = ExtensionModule.Python->LongAsSsize(arguments[2]);
            if (lines is < 1 or > MostLines)
                return Wrong(Text.C("profile_add(): that is no number of lines"u8));
            code = CodeIndex.Add(&data->Codes, PythonValues.Shared(arguments[0]), (int)ExtensionModule.Python->LongAsSsize(arguments[1]), (int)lines);
        }
        if (code == null)
            return PythonValues.OutOfMemory();
        code->IsSuspendable = ExtensionModule.Python->LongAsSsize(arguments[3]) != 0;
        return PythonValues.Number(++code->Requests);
    }

    public static PyObject* Drop(PyObject* module, PyObject** arguments, nint count)
    {
        if (!IsCode(arguments, count, 1))
            return Wrong(Text.C("profile_drop() takes a code object"u8));
        var code = CodeIndex.Find(&Profiler.State->Codes, arguments[0]);
        if (code == null || code->Requests == 0)
            return PythonValues.Number(0);
        return PythonValues.Number(--code->Requests);
    }

    public static PyObject* Read(PyObject* module, PyObject** arguments, nint count)
    {
        if (!IsCode(arguments, count, 2))
            return Wrong(Text.C("profile_read() takes a code object and a truth value"u8));
        var data = Profiler.State;
        var code = CodeIndex.Find(&data->Codes, arguments[0]);
        if (code == null)
            return PythonValues.Shared(ExtensionModule.Python->None);
        var lines = Lines(code, code->Lines);
        var tuple = lines == null ? null : ExtensionModule.Python->NewTuple(4);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Number((nint)code->Calls))
            & PythonValues.Put(tuple, 1, PythonValues.Number((nint)code->Peak))
            & PythonValues.Put(tuple, 2, PythonValues.Number((nint)code->ResidentBefore))
            & PythonValues.Put(tuple, 3, lines);
        tuple = PythonValues.Whole(tuple, isMade);
        if (tuple != null && data->Python.IsTrue(arguments[1]) == 1)
            Reset(code);
        return tuple;
    }

    public static PyObject* Resident(PyObject* module, PyObject** arguments, nint count)
    {
        var data = Profiler.State;
        var kind = count == 1 && AreNumbers(arguments, 1) ? ExtensionModule.Python->LongAsSsize(arguments[0]) : -1;
        if (kind is < 0 or > 2)
            return Wrong(Text.C("profile_resident() takes 0, 1 or 2"u8));
        data->Resident.Kind = (ResidentKind)kind;
        ResidentSize.ReadNow(data);
        return PythonValues.Number((nint)data->Resident.Bytes);
    }

    public static PyObject* Match(PyObject* module, PyObject** arguments, nint count)
    {
        if (count != 1)
            return Wrong(Text.C("profile_match() takes one argument"u8));
        var data = Profiler.State;
        if (!Open(data))
            return null;
        // Kept for good: a callback may be about to use it.
        data->Matcher = arguments[0] == ExtensionModule.Python->None ? null : PythonValues.Shared(arguments[0]);
        return PythonValues.Shared(ExtensionModule.Python->None);
    }

    public static PyObject* Disable(PyObject* module, PyObject** arguments, nint count)
    {
        if (count != 1)
            return Wrong(Text.C("profile_disable() takes one argument"u8));
        Profiler.State->Disable = PythonValues.Shared(arguments[0]);
        return PythonValues.Shared(ExtensionModule.Python->None);
    }

    public static PyObject* State(PyObject* module, PyObject** arguments, nint count)
    {
        var data = Profiler.State;
        var tuple = ExtensionModule.Python->NewTuple(2);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Number(data->OpenCalls)) & PythonValues.Put(tuple, 1, PythonValues.Number(data->Hooked));
        return PythonValues.Whole(tuple, isMade);
    }

    /// <summary>What is found out once. False with Python's error set.</summary>
    public static bool Open(ProfilerData* data)
    {
        if (data->IsOpened)
            return true;
        if (!ProfileApi.TryFind(&data->Python) || !Hognose.Agent.Hooks.PythonApi.TryFind(Hognose.Agent.Agent.State) || !ProfilerLock.RegisterForFork())
        {
            ExtensionModule.Python->SetError(ExtensionModule.Python->ImportError, Text.C("this Python lacks functions that the line profiler needs"u8));
            return false;
        }
        data->IsSingleThreaded = (byte*)Libc.dlsym(null, Text.C("__libc_single_threaded"u8));
        if (data->IsSingleThreaded == null)
            data->IsSingleThreaded = &data->Zero;
        data->IsOpened = true;
        return true;
    }

    /// <summary>Rows of the lines that something happened on.</summary>
    public static PyObject* Lines(ProfiledCode* code, LineCounter* lines)
    {
        var list = ExtensionModule.Python->NewList(0);
        for (var index = 0; list != null && index < code->LineCount; index++)
        {
            var line = lines + index;
            if (line->Occurrences == 0 && line->Allocated == 0 && line->Freed == 0 && line->OlderFrees == 0)
                continue;
            if (PythonValues.Append(list, Row(code->FirstLine + index, line)))
                continue;
            ExtensionModule.Python->DecRef(list);
            list = null;
        }
        return list;
    }

    private static PyObject* Row(int number, LineCounter* line)
    {
        var tuple = ExtensionModule.Python->NewTuple(10);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Number(number))
            & PythonValues.Put(tuple, 1, PythonValues.Number((nint)line->Occurrences))
            & PythonValues.Put(tuple, 2, PythonValues.Number((nint)line->Allocated))
            & PythonValues.Put(tuple, 3, PythonValues.Number((nint)line->Freed))
            & PythonValues.Put(tuple, 4, PythonValues.Number((nint)line->OlderFrees))
            & PythonValues.Put(tuple, 5, PythonValues.Number((nint)line->Peak))
            & PythonValues.Put(tuple, 6, PythonValues.Number((nint)line->LargestHeld))
            & PythonValues.Put(tuple, 7, PythonValues.Number((nint)line->Resident))
            & PythonValues.Put(tuple, 8, PythonValues.Number((nint)line->LargestResident))
            & PythonValues.Put(tuple, 9, PythonValues.Number((nint)line->ResidentGrowth));
        return PythonValues.Whole(tuple, isMade);
    }

    private static void Reset(ProfiledCode* code)
    {
        code->Calls = code->Peak = code->ResidentBefore = 0;
        Libc.memset(code->Lines, 0, (nuint)code->LineCount * (nuint)sizeof(LineCounter));
    }

    private static bool IsCode(PyObject** arguments, nint count, nint expected) =>
        count == expected && arguments[0]->Type == ExtensionModule.Python->CodeType;

    private static bool AreNumbers(PyObject** arguments, int count)
    {
        for (var index = 0; index < count; index++)
            if ((arguments[index]->Type->Flags & TypeFlags.LongSubclass) == 0)
                return false;
        return true;
    }

    private static PyObject* Wrong(byte* text)
    {
        ExtensionModule.Python->SetError(ExtensionModule.Python->TypeError, text);
        return null;
    }
}
