using System.Diagnostics;
using System.Globalization;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Births;

/// <summary><c>hognose attach --objects</c>: who allocated and who holds, of a program that runs, and goes on.</summary>
public sealed class AttachObjectsTests
{
    /// <summary>Two threads make and drop objects of their own type each as fast as they can: an address soon holds the other's.</summary>
    private const string Program = """
        import sys, threading, time
        class Early: pass
        class Late: pass
        class A: pass
        class B: pass
        EARLY = [Early() for _ in range(1000)]
        LATE = []
        stop = []
        def make_a(): return A()
        def make_b(): return B()
        def churn(make):
            kept = []
            while not stop:
                kept.append(make())
                if len(kept) > 2000: del kept[:1500]
        def grow():
            for _ in range(3000): LATE.append(Late())
        threads = [threading.Thread(target=churn, args=(make,)) for make in (make_a, make_b)]
        for thread in threads: thread.start()
        print("ready", flush=True)
        for line in sys.stdin:
            exec(line)
            print("ready", flush=True)
        stop.append(1)
        for thread in threads: thread.join()
        print("went on", flush=True)
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_running_program_s_objects_are_joined_with_who_allocated_them(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        using var folder = new TemporaryFolder();
        using var tool = Attached(program, folder, "--duration", "1.5");
        program.Ask("grow()");
        var said = tool.StandardError.ReadToEnd();
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)) && tool.ExitCode == 0, said);
        Assert.Contains(" stood still for ", said, StringComparison.Ordinal);
        Assert.Contains($"hognose biggest {folder.At("x.heap")}", said, StringComparison.Ordinal);
        program.Ask("grow()");

        // What was there before has no birth, what came meanwhile has one, and nobody the other's.
        Assert.Equal((1000, null, 0), BirthsOf.Type(folder.At("x.heap"), "Early"));
        Assert.Equal((3000, "grow", 3000), BirthsOf.Type(folder.At("x.heap"), "Late"));
        BirthsOf.AssertNotMixedUp(folder.At("x.heap"));
        foreach (var (type, other) in (ReadOnlySpan<(string, string)>)[("a", "B"), ("b", "A")])
            Assert.DoesNotContain($"__main__.{other}", TypesAt($"make_{type}"));
        Assert.EndsWith("went on\n", program.Finish().Output, StringComparison.Ordinal);

        IEnumerable<string?> TypesAt(string function) =>
            ToolJson.Of("show", folder.At("x.alloc"), "--leaks", "--sites", "1000", "--json").GetProperty("view").GetProperty("sites").EnumerateArray()
                .Where(site => site.GetProperty("function").GetString() == function)
                .SelectMany(site => site.GetProperty("types").EnumerateArray()).Select(each => each.GetProperty("type").GetString());
    }

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void A_program_that_ends_while_attached_is_looked_at_before(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        using var folder = new TemporaryFolder();
        using var tool = Attached(program, folder);
        program.Ask("grow()");
        Assert.EndsWith("went on\n", program.Finish().Output, StringComparison.Ordinal);
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
        var way = ToolJson.Of("why", folder.At("x.heap"), "__main__.Late", "--json").GetProperty("ways")[0];
        Assert.Equal(("module __main__.LATE[i]", 3000), (way.GetProperty("held_by").GetString(), way.GetProperty("born").GetProperty("objects").GetInt64()));
    }

    /// <summary>CPython takes nothing down there.</summary>
    [Theory, ClassData(typeof(AllInterpreters))]
    public void So_is_one_that_ends_by_os_exit(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        using var folder = new TemporaryFolder();
        using var tool = Attached(program, folder);
        program.Ask("grow()");
        program.Ask("import os; threading.Timer(0.5, lambda: os._exit(7)).start()");
        var said = tool.StandardError.ReadToEnd();
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)) && tool.ExitCode == 0, said);
        Assert.Equal(7, program.Finish().ExitCode);
        Assert.Equal((3000, "grow", 3000), BirthsOf.Type(folder.At("x.heap"), "Late"));
    }

    [Fact]
    public void Who_detaches_it_elsewhere_has_its_objects_too()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Program);
        using var folder = new TemporaryFolder();
        using var tool = Attached(program, folder);
        program.Ask("grow()");
        Assert.Equal(0, BuiltTool.Run("detach", Pid(program)).ExitCode);
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(3000, ToolJson.Of("why", folder.At("x.heap"), "__main__.Late", "--json").GetProperty("ways")[0].GetProperty("born").GetProperty("objects").GetInt64());
    }

    [Fact]
    public void Of_a_program_that_a_signal_ends_it_says_that_nothing_was_looked_at()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Program);
        using var folder = new TemporaryFolder();
        using var tool = Attached(program, folder);
        program.Kill();
        var said = tool.StandardError.ReadToEnd();
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Contains("\nhognose: its objects were not looked at: ", said, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("x.heap")));
        Assert.True(File.Exists(folder.At("x.alloc")));
    }

    private static Process Attached(TargetProgram program, TemporaryFolder folder, params string[] options)
    {
        var tool = BuiltTool.Start(["attach", Pid(program), "--objects", "-o", folder.At("x.alloc"), .. options]);
        Assert.StartsWith("hognose: attached to ", tool.StandardError.ReadLine(), StringComparison.Ordinal);
        return tool;
    }

    private static string Pid(TargetProgram program) => program.Pid.ToString(CultureInfo.InvariantCulture);
}
