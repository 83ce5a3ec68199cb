using System.Globalization;
using Hognose.Targets.Sampling;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Sampling;

public class TreeMemoryTests
{
    /// <summary>A parent, a thread that starts a child, and its grandchild; the truth is what each reads of itself while all stand still.</summary>
    private const string Family = """
        import os, subprocess, sys, threading
        grandchild = "print('up', flush=True); input()"
        child = "import subprocess, sys; g = subprocess.Popen([sys.executable, '-c', %r], stdin=subprocess.PIPE, stdout=subprocess.PIPE); g.stdout.readline(); print(g.pid, flush=True); input()" % grandchild
        started = []
        def start():
            started.append(subprocess.Popen([sys.executable, '-c', child], stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            ready.set()
            hold.wait()
        ready, hold = threading.Event(), threading.Event()
        thread = threading.Thread(target=start, daemon=True); thread.start(); ready.wait()
        grand = int(started[0].stdout.readline())
        block = bytearray(20_000_000)
        print(started[0].pid, grand)
        print('ready', flush=True)
        input()
        """;

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Descendants_of_every_thread_are_found(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Family);
        var family = program.Truth.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));

        Assert.Equal(family, ProcessTree.Descendants(program.Pid));
        using var memory = TreeMemory.Open(program.Pid, MemoryMeasure.Resident)!;
        Assert.Equal(family, memory.ReadChildren().Select(child => child.ProcessId));
    }

    [Fact]
    public void Each_measure_is_what_the_kernel_says_of_the_single_mappings()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Family);
        var mappings = Mappings();
        string[] Mappings() => File.ReadAllLines($"/proc/{program.Pid}/smaps");
        long Sum(string field) => 1024 * mappings.Where(line => line.StartsWith(field, StringComparison.Ordinal)).Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
        long Read(MemoryMeasure measure)
        {
            using var memory = TreeMemory.Open(program.Pid, measure)!;
            return memory.ReadProcess()!.Value;
        }

        // Whether a library's page is private, and how small its share is, changes when any other process maps it or ends: only what lies between two equal sums is compared.
        (long Sum, long Read) Settled(string field, MemoryMeasure measure)
        {
            while (true)
            {
                mappings = Mappings();
                var before = Sum(field);
                var read = Read(measure);
                mappings = Mappings();
                if (Sum(field) == before)
                    return (before, read);
            }
        }

        var unique = Settled("Private_", MemoryMeasure.Unique);
        Assert.Equal(unique.Sum, unique.Read);
        // smaps rounds each mapping down to a KiB, the rollup only the whole.
        var count = mappings.Count(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        var proportional = Settled("Pss:", MemoryMeasure.Proportional);
        Assert.InRange(proportional.Read - proportional.Sum, 0, 1024 * count);
        // statm counts pages per processor before it adds them up, at most 64 pages or so a processor and kind (lib/percpu_counter.c).
        Assert.InRange(Math.Abs(Read(MemoryMeasure.Resident) - Sum("Rss:")), 0, 3L * 4096 * 64 * Environment.ProcessorCount);
        Assert.True(unique.Read > 20_000_000);
    }

    [Fact]
    public void A_process_that_has_ended_has_no_memory()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, "print('ready', flush=True); input()");
        using var memory = TreeMemory.Open(program.Pid, MemoryMeasure.Resident)!;
        using var end = new ProcessEnd(program.Pid);

        Assert.NotNull(memory.ReadProcess());
        Assert.False(end.WaitFor(TimeSpan.Zero));
        program.Finish();

        Assert.True(end.WaitFor(TimeSpan.FromSeconds(60)));
        Assert.Null(memory.ReadProcess());
        Assert.Null(TreeMemory.Open(program.Pid, MemoryMeasure.Resident));
    }

    [Fact]
    public void A_name_longer_than_the_kernel_keeps_is_found_by_any_part()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.At("hognose-long-name-of-a-python"), Interpreters.Find(InterpreterForm.StaticExecutable).Executable);
        using var program = TargetProgram.Start(folder.At("hognose-long-name-of-a-python"), ["-c", "print('ready', flush=True); input()"]);

        Assert.Equal([program.Pid], ProcessTree.Named("name-of-a-python"));
        Assert.Empty(ProcessTree.Named("name-of-another-python"));
    }
}
