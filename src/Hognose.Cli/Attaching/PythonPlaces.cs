using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Targets.Attach;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Attaching;

/// <summary>Where a thread of a Python may be made to call functions: what <see cref="CallPlaces"/> must know of CPython.</summary>
internal static class PythonPlaces
{
    private const string Loop = "_PyEval_EvalFrameDefault";

    /// <summary>What the agent calls itself, and from 3.12 on takes a lock; names that a version lacks are passed over.</summary>
    private static readonly string[] AllocatorFunctions =
    [
        "PyMem_SetAllocator", "PyMem_GetAllocator", "PyMem_SetupDebugHooks", "_PyMem_GetCurrentAllocatorName", "_PyMem_SetupAllocators",
        "_PyMem_SetDefaultAllocator", "PyThread_acquire_lock", "PyThread_acquire_lock_timed", "PyThread_release_lock", "PyMutex_Lock", "PyMutex_Unlock",
        "_PyMutex_LockTimed", "_PyMutex_TryUnlock",
    ];

    public static CallPlaces Of(TargetProcess process, PythonRuntime python, Limits limits)
    {
        var images = LoadedImage.Find(process.ReadMappings(limits));
        var runtime = new AddressRange(python.Address, (ulong)python.Layout.PyRuntimeState.Size);
        return new CallPlaces(FunctionOf(process, images, Loop), [.. AllocatorFunctions.Select(name => FunctionOf(process, images, name))], runtime, images, process.Memory);
    }

    private static AddressRange FunctionOf(TargetProcess process, IReadOnlyList<LoadedImage> images, string name)
    {
        foreach (var image in images)
            if (ElfImage.TryOpen(process.Memory, image.Start, out var elf) && elf.TryFindSymbol(name, out var symbol))
                return new AddressRange(symbol.Address, symbol.Size);
        return new AddressRange(TargetAddress.Null, 0);
    }
}
