using System.Globalization;
using System.Text.RegularExpressions;
using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Resident;
using Hognose.CPython.Runtime;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Heap.Resident;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>
/// The account of resident memory against those who know: <c>sys._debugmallocstats</c> for pymalloc, <c>mallinfo2</c> for malloc, <c>malloc_trim</c> itself for
/// what it gives back, the kernel for the sum. All equal, to the byte.
/// </summary>
public sealed class ResidentTruthTests
{
    /// <summary>
    /// Between a count and the pause in which the program is read nothing is allocated: the result of mallinfo2 is a small object, which pymalloc had before.
    /// Blocks of 600 bytes are freed into the thread's cache, which holds seven of a size. SIGUSR1 ends a pause.
    /// </summary>
    private const string Program = """
        import ctypes, gc, signal, sys
        libc = ctypes.CDLL(None)
        class Info(ctypes.Structure):
            _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]
        libc.mallinfo2.restype = Info
        libc.malloc.restype = ctypes.c_void_p
        libc.free.argtypes = [ctypes.c_void_p]
        libc.free.restype = None
        kept = [[{str(n): (n, [n])}, str(n) * (n % 40), float(n), b"%d" % n, bytes(n % 3000)] for n in range(20_000)]
        del kept[::3]
        mapped = bytearray(5_000_000)
        crowd = [bytes(20_000) for _ in range(200)]
        behind = bytes(20_000)
        crowd.clear()
        def tell(number, frame):
            print(*(getattr(info, name) for name, _ in Info._fields_))
            print("ready", flush=True)
        signal.signal(signal.SIGUSR1, tell)
        ask, stats, pause, free, trim = libc.mallinfo2, sys._debugmallocstats, signal.pause, libc.free, libc.malloc_trim
        blocks = [libc.malloc(600) for _ in range(7)]
        for block in blocks: free(block)
        blocks = [libc.malloc(600) for _ in range(7)]
        gc.collect(); gc.disable()
        info = ask(); stats()
        tell(0, None)
        info = ask(); stats(); pause()
        for block in blocks: free(block)
        info = ask(); stats(); pause()
        trim(0)
        info = ask(); stats(); pause()
        sys.stdin.read()
        """;

    private const int PauseCall = 34;

    /// <summary>Pages of variables that were read but never written: the kernel shows its page of zeros there, and counts it for nobody.</summary>
    private const int MostZeroPages = 4;
    private const long CachedBytes = 7 * 608;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Both_allocators_and_the_kernel_agree_with_the_account(string name)
    {
        using var program = TargetProgram.Start(Interpreters.Find(name).Executable, ["-c", Program]);
        var first = ReadWhilePaused(program);
        var cached = ReadWhilePaused(program);
        var trimmed = ReadWhilePaused(program);
        var (exitCode, _, errors) = program.Finish();
        Assert.Equal(0, exitCode);

        var tables = errors.Split("Small block threshold")[2..];
        Assert.Equal(3, tables.Length);
        foreach (var (index, (memory, info)) in new[] { first, cached, trimmed }.Index())
        {
            MustBePymallocs(tables[index], memory.Pools);
            MustBeMallocs(info, memory.Malloc);
            Assert.Equal(memory.Resident, memory.Parts.Sum(part => part.Bytes));
            Assert.InRange(memory.Adjusted, 0, MostZeroPages * 4096);
        }
        Assert.Equal(CachedBytes, Cached(cached.Memory) - Cached(first.Memory));
        Assert.True(cached.Memory.Malloc.Trimmable > 1 << 20);
        Assert.Equal(cached.Memory.Malloc.Trimmable, HeapOf(cached.Memory) - HeapOf(trimmed.Memory));
        Assert.Equal(0, trimmed.Memory.Malloc.Trimmable);
    }

    private static long Cached(ResidentMemory memory) => memory.Malloc.Arenas.Sum(arena => arena.Cached);

    private static long HeapOf(ResidentMemory memory) => memory.Mappings.Where(mapping => mapping.Path == "[heap]").Sum(mapping => mapping.Resident);

    private static void MustBePymallocs(string table, PoolUse pools)
    {
        Assert.Equal(Said(table, @"# arenas allocated current += +([\d,]+)"), pools.Arenas.Count);
        Assert.Equal(Said(table, @"arenas \* \d+ bytes/arena += +([\d,]+)"), pools.ArenaBytes);
        Assert.Equal(Said(table, @"# bytes in allocated blocks += +([\d,]+)"), pools.UsedBytes);
        Assert.Equal(Said(table, @"# bytes in available blocks += +([\d,]+)"), pools.FreeBytes);
        Assert.Equal(Said(table, @"(\d+) unused pools"), pools.FreePools);
        Assert.Equal(Said(table, @"# bytes lost to pool headers += +([\d,]+)"), pools.HeaderBytes);
        Assert.Equal(Said(table, @"# bytes lost to quantization += +([\d,]+)"), pools.TailBytes);
        Assert.Equal(Said(table, @"# bytes lost to arena alignment += +([\d,]+)"), pools.AlignmentBytes);
    }

    /// <summary>mallinfo2 counts what threads cache as used, and mapped blocks apart.</summary>
    private static void MustBeMallocs(long[] info, MallocUse malloc)
    {
        Assert.Equal(
            (info[0], info[3], info[6], info[7], info[8], info[9]),
            (malloc.Arenas.Sum(arena => arena.System), malloc.MappedBlocks, malloc.Arenas.Sum(arena => arena.Fast),
                malloc.Arenas.Sum(arena => arena.System) - malloc.Free, malloc.Free, malloc.Arenas[0].Top));
        AssertMapped(info[4], malloc);
    }

    /// <summary>glibc 2.43 adds up to a block's head (16 bytes) to what it counts of each mapped block, so that its sum is no whole number of pages; the pages are the same.</summary>
    private static void AssertMapped(long said, MallocUse malloc)
    {
        const int page = 4096;
        const int head = 16;
        if (said % page == 0)
            Assert.Equal(said, malloc.MappedBytes);
        else
            Assert.InRange(said - malloc.MappedBytes, 1, head * malloc.MappedBlocks);
    }

    private static long Said(string table, string pattern) =>
        long.Parse(Regex.Match(table, pattern).Groups[1].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static (ResidentMemory Memory, long[] Info) ReadWhilePaused(TargetProgram program)
    {
        Assert.True(SpinWait.SpinUntil(() => IsPaused(program), Patience), "the program does not pause");
        var memory = Read(program.Pid);
        BuiltTool.Execute("/bin/kill", ["-USR1", $"{program.Pid}"]);
        return (memory, [.. program.Ask("").Split(' ', '\n').Where(word => word.Length > 0).Select(word => long.Parse(word, CultureInfo.InvariantCulture))]);
    }

    private static ResidentMemory Read(int processId)
    {
        var trouble = new DiagnosticBag();
        var process = TargetProcess.Open(processId);
        var runtime = RunningPython.Find(process, Limits.Default, CancellationToken.None);
        using var copy = MemoryCopier.Copy(process, new CopyOptions { ReadsAccount = true }, CancellationToken.None);
        var layout = LayoutResolver.Resolve(copy.Memory, runtime.Build, Limits.Default, trouble).Layout;
        var regions = copy.Regions.Regions;
        var graph = HeapWalk.Run(
            copy.Memory, regions, runtime.Address, layout, runtime.Build.Version, Limits.Default, trouble, null, CancellationToken.None);
        return ResidentReader.Read(
            copy.Memory, regions, copy.Account!, runtime.Address, graph, layout, runtime.Build.Version, Limits.Default, trouble, CancellationToken.None);
    }

    private static bool IsPaused(TargetProgram program) =>
        File.ReadAllText($"/proc/{program.Pid}/syscall").StartsWith($"{PauseCall} ", StringComparison.Ordinal);
}
