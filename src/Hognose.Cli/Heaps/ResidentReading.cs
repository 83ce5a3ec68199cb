using Hognose.CPython.Resident;
using Hognose.CPython.Runtime;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Insights.Holding;
using Hognose.Insights.Resident;
using Hognose.Targets.Copying;
using Hognose.Targets.Resident;

namespace Hognose.Cli.Heaps;

/// <summary>The account of a program's own resident memory: one walk of its copy, and the kernel's account of the same instant.</summary>
internal static class ResidentReading
{
    /// <param name="copy">The memory.</param>
    /// <param name="pages">Mappings with the pages that the process had.</param>
    /// <param name="account">The kernel's, of the same instant.</param>
    /// <param name="python">The Python in it.</param>
    /// <param name="showsKeys">Whether text keys of dicts are written out.</param>
    /// <param name="limits">Bounds on what is believed.</param>
    /// <param name="trouble">Receives what could not be read.</param>
    /// <param name="cancellation">Ends it.</param>
    public static ResidentAnswer Of(
        MemoryCopy copy, RegionList pages, ResidentAccount account, PythonRuntime python, bool showsKeys, Limits limits, DiagnosticBag trouble,
        CancellationToken cancellation)
    {
        var regions = pages.Regions;
        var version = python.Build.Version;
        var walk = HeapWalk.RunWithStatistics(
            copy.Memory, regions, python.Address, python.Layout, version, limits, trouble, null, cancellation);
        var memory = ResidentReader.Read(
            copy.Memory, regions, account, python.Address, walk.Graph, python.Layout, version, limits, trouble, cancellation);
        var roots = OutsideReferences.Roots(copy.Memory, walk, python.Layout, version);
        var heap = new HeldHeap(walk.Graph, walk.Names, walk.Holders, roots, cancellation);
        return ResidentAnswer.Of(memory, heap, showsKeys);
    }
}
