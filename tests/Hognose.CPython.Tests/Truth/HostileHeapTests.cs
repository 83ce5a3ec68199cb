using System.Diagnostics;
using Hognose.CPython.Runtime;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>A copy whose words were overwritten at random, pointers and lengths included: the walk ends, with a graph or a clear refusal.</summary>
public class HostileHeapTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory, InlineData("3.8"), InlineData("3.11"), InlineData("3.13"), InlineData("3.15")]
    public void A_corrupted_heap_never_crashes_nor_hangs_the_walk(string python)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(python), "import json, asyncio, decimal; kept = [{str(i): [i]} for i in range(3000)]; print('ready', flush=True); input()");
        var process = TargetProcess.Open(program.Pid);
        var runtime = RunningPython.Find(process, Limits.Default, CancellationToken.None);
        for (var seed = 1; seed <= 6; seed++)
        {
            using var copy = MemoryCopier.Copy(process, new CopyOptions(), CancellationToken.None);
            Corrupt(copy, new Random(seed), wordsInAThousand: seed);
            var trouble = new DiagnosticBag();
            using var patience = new CancellationTokenSource(Patience);
            var clock = Stopwatch.StartNew();
            try
            {
                var graph = HeapWalk.Run(
                    copy.Memory, copy.Regions.Regions, runtime.Address, runtime.Layout, runtime.Build.Version, Limits.Default, trouble, null, patience.Token);
                Assert.All(graph.EdgeStarts.Zip(graph.EdgeStarts.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
            }
            catch (CannotContinueException e)
            {
                Assert.NotEmpty(e.Message);
            }
            Assert.True(clock.Elapsed < Patience, $"seed {seed} took {clock.Elapsed}");
        }
    }

    private static unsafe void Corrupt(MemoryCopy copy, Random random, int wordsInAThousand)
    {
        var interesting = copy.Regions.Regions.Where(region => region.IsCopied && (region.Access & MappingAccess.Write) != 0 && region.Kind != RegionKind.Stack).ToList();
        foreach (var region in interesting)
        {
            var words = Math.Min(region.Length, 64 << 20) / 8;
            var at = (ulong*)copy.Memory.Translate(region.Low.Value, words * 8);
            for (var i = 0ul; i < words; i += (ulong)random.Next(1, 2000 / wordsInAThousand))
                if (at[i] != 0)
                    at[i] = Poison(random, at[i], region);
        }
    }

    private static ulong Poison(Random random, ulong word, MemoryRegion region) => random.Next(6) switch
    {
        0 => 1ul << 63,
        1 => ulong.MaxValue,
        2 => region.Low.Value + (ulong)random.NextInt64((long)region.Length) / 8 * 8,
        3 => word + 8,
        4 => 1ul << random.Next(64),
        _ => (ulong)random.NextInt64(),
    };
}
