using System.Runtime;
using System.Runtime.CompilerServices;
using Hognose.Agent;
using Hognose.Agent.Start;
using Hognose.Agent.Unwinding;
using Hognose.Extension.Frozen;
using Hognose.Extension.Functions;
using Hognose.Extension.Profile;
using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension;

/// <summary>What CPython keeps pointers to, in one zeroed block of .bss; and the functions we call.</summary>
internal unsafe struct ModuleData
{
    public PythonApi Python;
    public PyModuleDef Definition;

    /// <summary>Of multi-phase initialisation: none, ended by a zero word each.</summary>
    public fixed long Slots[2];
    public MethodTable Methods;
    public FrozenCopyData Frozen;

    /// <summary>Of whoever reads /proc/self/maps with the GIL.</summary>
    public fixed byte Maps[MappingLines.Capacity];

    /// <summary>Of <see cref="Naming.CachedKeys"/>: bytes from a class's address on; 0: not found yet.</summary>
    public nint PlaceOfKeys;
    public CodeFields Code;
}

[InlineArray(Count)]
internal struct MethodTable
{
    /// <summary>One zeroed entry ends it.</summary>
    public const int Count = 64;

    private PyMethodDef _first;
}

/// <summary><c>hognose._hognose</c>: how it comes into being.</summary>
internal static unsafe class ExtensionModule
{
    private static ModuleData _data;

    public static ModuleData* State
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (ModuleData*)Unsafe.AsPointer(ref _data);
    }

    public static PythonApi* Python
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => &State->Python;
    }

    [RuntimeExport("PyInit__hognose")]
    public static PyObject* Initialise()
    {
        var module = State;
        if (!PythonApi.TryFind(&module->Python))
            return null;
        if (RefusedBuild() is var reason && reason != null)
        {
            Python->SetError(Python->ImportError, reason);
            return null;
        }
        if (module->Definition.Methods == null)
            Define(module);
        return Python->ModuleDefInit(&module->Definition);
    }

    /// <summary>Builds whose objects have another head: every size would be wrong.</summary>
    private static byte* RefusedBuild()
    {
        var flags = Interpreter.BuildFlags();
        if ((flags & Interpreter.FreeThreaded) != 0)
            return Text.C("hognose does not serve free-threaded builds of CPython yet: use a build with the GIL"u8);
        if ((flags & Interpreter.Debug) != 0)
            return Text.C("hognose does not serve debug builds of CPython: use a release build"u8);
        return null;
    }

    private static void Define(ModuleData* module)
    {
        var method = (PyMethodDef*)&module->Methods;
        Add(&method, Text.C("sizeof"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&SizeofFunction.Call, Text.C(SizeofFunction.Doc));
        Add(&method, Text.C("deepsizeof"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&DeepsizeofFunction.Call, Text.C(DeepsizeofFunction.Doc));
        Add(&method, Text.C("sizes"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&SizesFunction.Call, Text.C(SizesFunction.Doc));
        Add(&method, Text.C("refs"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&RefsFunction.Call, Text.C(RefsFunction.Doc));
        Add(&method, Text.C("some_refs"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&SomeRefsFunction.Call, Text.C(SomeRefsFunction.Doc));
        Add(&method, Text.C("edge"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&EdgeFunction.Call, Text.C(EdgeFunction.Doc));
        Add(&method, Text.C("referrers"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ReferrersFunction.Call, Text.C(ReferrersFunction.Doc));
        Add(&method, Text.C("chain"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ChainFunction.Call, Text.C(ChainFunction.Doc));
        Add(&method, Text.C("cycles"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&CyclesFunction.Call, Text.C(CyclesFunction.Doc));
        Add(&method, Text.C("garbage"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&GarbageFunction.Call, Text.C(GarbageFunction.Doc));
        Add(&method, Text.C("summary"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&SummaryFunction.Call, Text.C(SummaryFunction.Doc));
        Add(&method, Text.C("summarize"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&SummarizeFunction.Call, Text.C(SummarizeFunction.Doc));
        Add(&method, Text.C("objects"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ObjectsFunction.Call, Text.C(ObjectsFunction.Doc));
        Add(&method, Text.C("look"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&LookFunction.Call, Text.C(LookFunction.Doc));
        Add(&method, Text.C("seen"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&SeenFunctions.Seen, Text.C(SeenFunctions.SeenDoc));
        Add(&method, Text.C("leave"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&SeenFunctions.Leave, Text.C(SeenFunctions.LeaveDoc));
        Add(&method, Text.C("measure"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MeasureFunction.Call, Text.C(MeasureFunction.Doc));
        Add(&method, Text.C("freeze"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&FreezeFunctions.Freeze, Text.C(FreezeFunctions.FreezeDoc));
        Add(&method, Text.C("thaw"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&FreezeFunctions.Thaw, Text.C(FreezeFunctions.ThawDoc));
        AddProfiler(&method);

        module->Definition.RefCount = 1;
        module->Definition.Name = Text.C("_hognose"u8);
        module->Definition.Doc = Text.C("The part of hognose that is compiled; use the package hognose."u8);
        module->Definition.Slots = module->Slots;
        module->Definition.Methods = (PyMethodDef*)&module->Methods;
    }

    private static void AddProfiler(PyMethodDef** next)
    {
        Add(next, Text.C("profile_add"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ProfileFunctions.Add, Text.C(ProfileFunctions.AddDoc));
        Add(next, Text.C("profile_drop"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ProfileFunctions.Drop, Text.C(ProfileFunctions.DropDoc));
        Add(next, Text.C("profile_read"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ProfileFunctions.Read, Text.C(ProfileFunctions.ReadDoc));
        Add(next, Text.C("profile_resident"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ProfileFunctions.Resident, Text.C(ProfileFunctions.ResidentDoc));
        Add(next, Text.C("profile_match"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ProfileFunctions.Match, Text.C(ProfileFunctions.MatchDoc));
        Add(next, Text.C("profile_disable"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ProfileFunctions.Disable, Text.C(ProfileFunctions.DisableDoc));
        Add(next, Text.C("profile_state"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&ProfileFunctions.State, Text.C(ProfileFunctions.StateDoc));
        Add(next, Text.C("profile_line"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MonitoringEvents.Line, Text.C(MonitoringEvents.LineDoc));
        Add(next, Text.C("profile_jump"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MonitoringEvents.Jump, Text.C(MonitoringEvents.JumpDoc));
        Add(next, Text.C("profile_start"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MonitoringEvents.Start, Text.C(MonitoringEvents.StartDoc));
        Add(next, Text.C("profile_resume"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MonitoringEvents.Resume, Text.C(MonitoringEvents.ResumeDoc));
        Add(next, Text.C("profile_yield"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MonitoringEvents.Yield, Text.C(MonitoringEvents.YieldDoc));
        Add(next, Text.C("profile_leave"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MonitoringEvents.Leave, Text.C(MonitoringEvents.LeaveDoc));
        Add(next, Text.C("profile_open"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&TraceFunctions.Open, Text.C(TraceFunctions.OpenDoc));
        Add(next, Text.C("profile_close"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&TraceFunctions.Close, Text.C(TraceFunctions.CloseDoc));
        Add(next, Text.C("profile_enter"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&TraceFunctions.Enter, Text.C(TraceFunctions.EnterDoc));
        Add(next, Text.C("profile_begin"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MeasurementFunctions.Begin, Text.C(MeasurementFunctions.BeginDoc));
        Add(next, Text.C("profile_take"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MeasurementFunctions.Take, Text.C(MeasurementFunctions.TakeDoc));
        Add(next, Text.C("profile_end"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&MeasurementFunctions.End, Text.C(MeasurementFunctions.EndDoc));
        Add(next, Text.C("record_begin"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&RecordFunctions.Begin, Text.C(RecordFunctions.BeginDoc));
        Add(next, Text.C("record_end"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&RecordFunctions.End, Text.C(RecordFunctions.EndDoc));
        Add(next, Text.C("recorder"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&RecorderFunction.Call, Text.C(RecorderFunction.Doc));
        Add(next, Text.C("profile_exit"u8), (delegate*<PyObject*, PyObject**, nint, PyObject*>)&TraceFunctions.Exit, Text.C(TraceFunctions.ExitDoc));
    }

    private static void Add(PyMethodDef** next, byte* name, delegate*<PyObject*, PyObject**, nint, PyObject*> function, byte* doc)
    {
        (*next)->Name = name;
        (*next)->Method = function;
        (*next)->Flags = PyMethodDef.FastCall;
        (*next)->Doc = doc;
        (*next)++;
    }
}
