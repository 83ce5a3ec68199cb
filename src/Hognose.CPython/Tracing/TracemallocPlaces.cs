using Hognose.CPython.Layouts;
using Hognose.CPython.Runtime;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Tracing;

/// <summary>
/// Where tracemalloc keeps its state: from 3.12 on in <c>_PyRuntime</c>; before that in variables of Modules/_tracemalloc.c, of which only the
/// configuration is exported, while the others have a name only where <c>.symtab</c> was not stripped. <see cref="TargetAddress.Null"/>: not known.
/// </summary>
/// <param name="Configuration">Of <c>_PyTraceMalloc_Config</c>.</param>
/// <param name="Traces">Of the pointer to the table of domain 0.</param>
/// <param name="Domains">Of the pointer to the table of the other domains' tables (3.9 and later).</param>
/// <param name="TracedBytes">Of what tracemalloc itself counts, <c>get_traced_memory()[0]</c>.</param>
/// <param name="PeakBytes">Of <c>get_traced_memory()[1]</c>.</param>
public sealed record TracemallocPlaces(
    TargetAddress Configuration, TargetAddress Traces, TargetAddress Domains, TargetAddress TracedBytes, TargetAddress PeakBytes)
{
    private const string ConfigurationName = "_Py_tracemalloc_config";
    private const string TracesName = "tracemalloc_traces";
    private const string DomainsName = "tracemalloc_domains";
    private const string TracedName = "tracemalloc_traced_memory";
    private const string PeakName = "tracemalloc_peak_traced_memory";

    public static TracemallocPlaces Find(ITarget target, PythonRuntime python, Diagnostics.Limits limits) =>
        IsInRuntime(python.Layout) ? InRuntime(python) : ByName(target, python, limits);

    /// <summary>The same once the layout is known that fits.</summary>
    public TracemallocPlaces Through(PythonRuntime fitted) => IsInRuntime(fitted.Layout) ? InRuntime(fitted) : this;

    /// <summary>Whether tracemalloc runs; null where nothing says so.</summary>
    public bool? IsTracing(IMemoryReader memory, CPythonLayout layout) =>
        !Configuration.IsNull && memory.TryRead(Configuration + layout.TraceMallocConfig.tracing, out int tracing) ? tracing != 0 : null;

    /// <summary>The most frames that it keeps of a stack; 0: not known.</summary>
    public int FramesKept(IMemoryReader memory, CPythonLayout layout) =>
        !Configuration.IsNull && memory.TryRead(Configuration + layout.TraceMallocConfig.max_nframe, out int frames) && frames is > 0 and <= ushort.MaxValue ? frames : 0;

    private static bool IsInRuntime(CPythonLayout layout) => layout.PyRuntimeState.tracemalloc_traces != CPythonLayout.Absent;

    private static TracemallocPlaces InRuntime(PythonRuntime python)
    {
        ref readonly var runtime = ref python.Layout.PyRuntimeState;
        return new TracemallocPlaces(
            python.Address + runtime.tracemalloc_config,
            python.Address + runtime.tracemalloc_traces,
            python.Address + runtime.tracemalloc_domains,
            python.Address + runtime.tracemalloc_traced_memory,
            python.Address + runtime.tracemalloc_peak_traced_memory);
    }

    private static TracemallocPlaces ByName(ITarget target, PythonRuntime python, Diagnostics.Limits limits)
    {
        var image = LoadedImage.Find(target.ReadMappings(limits)).FirstOrDefault(each => each.Path == python.Build.ImagePath);
        if (image is null || !ElfImage.TryOpen(target.Memory, image.Start, out var elf))
            return new TracemallocPlaces(TargetAddress.Null, TargetAddress.Null, TargetAddress.Null, TargetAddress.Null, TargetAddress.Null);
        IReadOnlyDictionary<string, ulong> names = new Dictionary<string, ulong>();
        if (target.TryOpenFile(image, out var file))
            using (file)
                names = ElfStaticSymbols.Find(file, [ConfigurationName, TracesName, DomainsName, TracedName, PeakName]);
        return new TracemallocPlaces(
            elf.TryFindSymbol(ConfigurationName, out var configuration) ? configuration.Address : Place(ConfigurationName),
            Place(TracesName),
            Place(DomainsName),
            Place(TracedName),
            Place(PeakName));

        TargetAddress Place(string name) => names.TryGetValue(name, out var linked) ? new TargetAddress(unchecked(linked + elf.LoadBias)) : TargetAddress.Null;
    }
}
