using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Resident;
using Hognose.CPython.Runtime;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Heap.Resident;
using Hognose.Targets.Copying;
using Hognose.Targets.Cores;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>What takes the memory of a process is the same in its cores: blocks by owner, malloc's arenas, what was never touched.</summary>
public sealed class CoreResidentTests
{
    /// <summary>A thread has 8 MiB of stack and, for its blocks, an arena of which malloc reserves 64 MiB; three objects map a mebibyte each, one with a view of it.</summary>
    private const string Program = """
        import mmap, sys, threading
        STORE = {"key %d" % i: [i, str(i) * 9, (i,)] for i in range(20_000)}
        MAPS = [mmap.mmap(-1, 1 << 20) for _ in range(3)]
        for each in MAPS: each.write(b"x" * (1 << 20))
        VIEW = memoryview(MAPS[0])
        done = threading.Event()
        def work():
            kept = [bytes([i % 255 + 1]) * 2000 for i in range(500)]
            done.set()
            threading.Event().wait()
        threading.Thread(target=work, daemon=True).start()
        done.wait()
        print("ready", flush=True)
        sys.stdin.read()
        """;

    private const long Mega = 1 << 20;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_core_tells_who_has_the_memory_as_the_process_did(string name)
    {
        using var program = new DumpedProgram(Interpreters.Find(name), Program);
        var live = Live(program.ProcessId);
        Assert.Equal([("mmap.mmap", 3 * Mega, 3L)], live.Parts.Where(part => part.Kind == ResidentKind.SharedOfObjects).Select(part => (part.Name, part.Bytes, part.Count)));
        AssertSame(live, OfCore(program.GCore()));
        AssertSame(live, OfCore(program.KernelCore()));
    }

    private static void AssertSame(ResidentMemory live, ResidentMemory core)
    {
        Assert.Equal(CountsOf(live), CountsOf(core));
        Assert.Equal(live.Malloc.Arenas, core.Malloc.Arenas);
        Assert.Equal((live.Malloc.MappedBlocks, live.Pools.UsedBlocks, live.Pools.FreePools), (core.Malloc.MappedBlocks, core.Pools.UsedBlocks, core.Pools.FreePools));
        Assert.Equal(core.Resident, core.Parts.Sum(part => part.Bytes));
        Assert.Equal(HeapOf(live) > 0, HeapOf(core) > 0);
        // Pages that were never touched are tens of mebibytes here; those that were and hold zeros are few.
        Assert.InRange(core.Of(ResidentKind.Stacks), 1, live.Of(ResidentKind.Stacks));
        Assert.InRange(core.Of(ResidentKind.Other), 0, live.Of(ResidentKind.Other) + Mega);
    }

    /// <summary>Blocks by kind and owner. gcore writes zeros for the whole stack of a thread with guard pages (glibc 2.42), so that nothing leads to what only that led to.</summary>
    private static SortedDictionary<string, long> CountsOf(ResidentMemory memory) => new(
        memory.Parts.Where(part => part.Kind is ResidentKind.Objects or ResidentKind.Buffers or ResidentKind.SharedOfObjects)
            .Select(part => (Owner: $"{part.Kind} {part.Name}", part.Count))
            .Append((Owner: "no object", Count: memory.Parts.Where(part => part.Kind is ResidentKind.Thread or ResidentKind.Unheld).Sum(part => part.Count)))
            .ToDictionary(each => each.Owner, each => each.Count),
        StringComparer.Ordinal);

    private static long HeapOf(ResidentMemory memory) => memory.Mappings.Where(mapping => mapping.Path == "[heap]").Sum(mapping => mapping.Resident);

    private static ResidentMemory Live(int processId)
    {
        var process = TargetProcess.Open(processId);
        using var copy = MemoryCopier.Copy(process, new CopyOptions { ReadsAccount = true }, CancellationToken.None);
        return Read(process, copy);
    }

    private static ResidentMemory OfCore(string path)
    {
        using var core = CoreFile.Open(path, null, Limits.Default, CancellationToken.None);
        using var copy = core.Copy;
        return Read(core, copy);
    }

    private static ResidentMemory Read(ITarget target, MemoryCopy copy)
    {
        var trouble = new DiagnosticBag();
        var runtime = RunningPython.Find(target, Limits.Default, CancellationToken.None);
        var layout = LayoutResolver.Resolve(copy.Memory, runtime.Build, Limits.Default, trouble).Layout;
        var walk = HeapWalk.RunWithStatistics(
            copy.Memory, copy.Regions.Regions, runtime.Address, layout, runtime.Build.Version, Limits.Default, trouble, null, CancellationToken.None);
        return ResidentReader.Read(
            copy.Memory, copy.Regions.Regions, copy.Account!, runtime.Address, walk.Graph, layout, runtime.Build.Version, Limits.Default, trouble, CancellationToken.None);
    }
}
