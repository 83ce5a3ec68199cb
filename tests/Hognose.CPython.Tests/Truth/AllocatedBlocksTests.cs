using System.Globalization;
using System.Text.RegularExpressions;
using Hognose.CPython.Walk;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>Pools and the blocks used in them, against what pymalloc itself counts: equal, on every interpreter, to the block.</summary>
public sealed partial class AllocatedBlocksTests
{
    /// <summary>
    /// Nothing is allocated between the two counts and the pause in which the program is read: the int that carries the first is freed when the
    /// array has its value. SIGUSR1 ends a pause; its handler tells the count.
    /// </summary>
    private const string Program = """
        import array, gc, os, signal, sys
        kept = [[{str(n): (n, [n])}, str(n) * (n % 40), float(n), b"%d" % n] for n in range(20_000)]
        del kept[::3]
        box = array.array("q", [0])
        large = [None] * 100
        def tell(number, frame):
            print(box[0]); print("ready", flush=True)
        signal.signal(signal.SIGUSR1, tell)
        count, stats, pause = sys.getallocatedblocks, sys._debugmallocstats, signal.pause
        def fill(value):
            for n in range(100): large[n] = value and bytes(1000 + n)
        # Once before: what is made at a first call only is there when it counts.
        for value in True, False: fill(value)
        gc.collect(); gc.disable()
        tell(0, None)
        box[0] = count(); stats(); pause()
        fill(True)
        box[0] = count(); stats(); pause()
        sys.stdin.read()
        """;

    private const int PauseCall = 34;
    private const int LargeBlocks = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Used_blocks_and_pools_are_those_that_pymalloc_counts(string name) =>
        MustAgree(Interpreters.Find(name), new Dictionary<string, string?>());

    [Theory, InlineData("3.8"), InlineData("3.12"), InlineData("3.15")]
    public void Debug_hooks_change_nothing_in_that(string name) =>
        MustAgree(Interpreters.Find(name), new Dictionary<string, string?> { ["PYTHONMALLOC"] = "pymalloc_debug" });

    private static void MustAgree(Interpreter python, Dictionary<string, string?> environment)
    {
        using var program = TargetProgram.Start(python.Executable, ["-c", Program], environment);
        var (first, firstCount) = ReadWhilePaused(program);
        var (second, secondCount) = ReadWhilePaused(program);
        var (exitCode, _, errors) = program.Finish();
        Assert.Equal(0, exitCode);

        var said = Statistics(errors);
        Assert.Equal(2, said.Count);
        Assert.Equal(said, [CountsOf(first), CountsOf(second)]);
        Assert.True(first.UsedBlocks > 50_000);
        // sys.getallocatedblocks also counts what pymalloc passed on to malloc: blocks above 512 bytes, which stand in no pool.
        Assert.Equal(LargeBlocks, secondCount - second.UsedBlocks - (firstCount - first.UsedBlocks));
    }

    private static (HeapWalkResult Walk, long Blocks) ReadWhilePaused(TargetProgram program)
    {
        Assert.True(SpinWait.SpinUntil(() => IsPaused(program), Patience), "the program does not pause");
        var walk = WalkedProgram.WalkLive(program.Pid, new()).Walk;
        BuiltTool.Execute("/bin/kill", ["-USR1", $"{program.Pid}"]);
        return (walk, long.Parse(program.Ask(""), CultureInfo.InvariantCulture));
    }

    private static bool IsPaused(TargetProgram program) =>
        File.ReadAllText($"/proc/{program.Pid}/syscall").StartsWith($"{PauseCall} ", StringComparison.Ordinal);

    private static (long Pools, long Blocks, long Bytes) CountsOf(HeapWalkResult walk) => (walk.Pools, walk.UsedBlocks, walk.UsedBytes);

    /// <summary>Sums over the rows "class size pools used available" of each table of sys._debugmallocstats; a table begins with class 0.</summary>
    private static List<(long Pools, long Blocks, long Bytes)> Statistics(string text)
    {
        var sums = new List<(long Pools, long Blocks, long Bytes)>();
        var lastClass = int.MaxValue;
        foreach (Match row in Row().Matches(text))
        {
            var sizeClass = int.Parse(row.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            if (sizeClass <= lastClass)
                sums.Add(default);
            lastClass = sizeClass;
            var (pools, blocks, bytes) = sums[^1];
            var used = Number(row.Groups[4]);
            sums[^1] = (pools + Number(row.Groups[3]), blocks + used, bytes + used * Number(row.Groups[2]));
        }
        return sums;
    }

    private static long Number(Group group) => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ *(\d+) +(\d+) +(\d+) +(\d+) +(\d+) *$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
