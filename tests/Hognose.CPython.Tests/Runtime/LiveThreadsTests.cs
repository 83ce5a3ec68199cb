using System.Globalization;
using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Naming;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Runtime;

public sealed class LiveThreadsTests
{
    /// <summary>Threads of every make: named before and after, a subclass with slots, one with more attributes than an instance keeps without a dict, one begun by C.</summary>
    private const string Program = """
        import _thread, sys, threading, time
        def wait(): go.wait()
        class Slots(threading.Thread):
            __slots__ = ("one", "two")
        class Many(threading.Thread):
            def __init__(self, **more):
                threading.Thread.__init__(self, **more)
                for number in range(100): setattr(self, "attribute%d" % number, number)
        go = threading.Event()
        known = threading.Event()
        def foreign():
            threading.current_thread(); known.set(); go.wait()
        threads = [threading.Thread(target=wait, name="worker-%d" % number) for number in range(3)]
        threads += [Slots(target=wait, name="slots"), Many(target=wait, name="many"), threading.Thread(target=wait, name="sp\xe9cial \u65e5\u672c \U0001f40d")]
        threads += [threading.Thread(target=wait, name="n" * 500), threading.Thread(target=wait)]
        vars(threads[2])
        for thread in threads: thread.start()
        threads[1].name = "named later"
        _thread.start_new_thread(foreign, ())
        known.wait()
        for thread in threading.enumerate(): print(thread.ident, thread.native_id, thread.name.encode("utf-8").hex())
        print("ready"); sys.stdout.flush(); sys.stdin.readline(); go.set()
        """;

    /// <summary>Threads come and go as fast as they can, each called after its place.</summary>
    private const string Churn = """
        import sys, threading
        def wait(): pass
        def churn():
            number = 0
            while not over.is_set():
                thread = threading.Thread(target=wait, name="churn-%d" % number); thread.start(); thread.join(); number += 1
        over = threading.Event()
        threads = [threading.Thread(target=churn, name="churner-%d" % number) for number in range(4)]
        for thread in threads: thread.start()
        print("ready"); sys.stdout.flush(); sys.stdin.readline(); over.set()
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Every_thread_that_threading_knows_has_its_name(string interpreter)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(interpreter), Program);
        var (process, python) = Open(program);
        var live = new LiveThreads(process, python, Limits.Default);
        var told = program.Truth.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(
            words => ulong.Parse(words[0], CultureInfo.InvariantCulture),
            words => new LiveThread(System.Text.Encoding.UTF8.GetString(Convert.FromHexString(words[2])), long.Parse(words[1], CultureInfo.InvariantCulture)));
        Assert.Equal(10, told.Count);

        Assert.Equal(told.OrderBy(each => each.Key), live.Read().OrderBy(each => each.Key));

        var some = told.Keys.Take(3).ToHashSet();
        Assert.Equal(some.Order(), live.Read(some).Keys.Order());

        var states = python.ReadInterpreters(process.Memory, Limits.Default).SelectMany(each => each.Threads).Select(each => live.PThreadOf(each.Address.Value));
        Assert.Equal(told.Keys.Order(), states.Order());
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void What_changes_under_the_look_is_left_out(string interpreter)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(interpreter), Churn);
        var (process, python) = Open(program);
        var live = new LiveThreads(process, python, Limits.Default);
        string[] allowed = ["MainThread", "churner-", "churn-"];
        var met = 0;
        for (var look = 0; look < 200; look++)
        {
            var found = live.Read();
            Assert.All(found.Values, thread => Assert.Contains(allowed, start => thread.Name.StartsWith(start, StringComparison.Ordinal)));
            met += found.Values.Count(thread => thread.Name.StartsWith("churner-", StringComparison.Ordinal));
        }
        Assert.InRange(met, 1, 200 * 4);
        Assert.Equal((0, ""), (program.Finish().ExitCode, ""));
    }

    [Fact]
    public void Of_a_program_that_has_ended_there_are_none()
    {
        using var program = TargetProgram.StartText(Interpreters.Find("3.11"), "print('ready', flush=True); input()");
        var (process, python) = Open(program);
        var live = new LiveThreads(process, python, Limits.Default);
        var state = python.ReadInterpreters(process.Memory, Limits.Default)[0].Threads[0].Address.Value;
        program.Kill();

        Assert.Empty(live.Read());
        Assert.Equal(0UL, live.PThreadOf(state));
        Assert.Equal(0UL, live.PThreadOf(ulong.MaxValue));
    }

    private static (TargetProcess Process, PythonRuntime Python) Open(TargetProgram program)
    {
        var process = TargetProcess.Open(program.Pid);
        var found = PythonRuntimeFinder.Find(process, Limits.Default);
        for (var turn = 0; ; turn++)
        {
            try
            {
                return (process, LayoutResolver.Resolve(process.Memory, found, Limits.Default, new DiagnosticBag()));
            }
            catch (CannotContinueException) when (turn < 50)
            {
                Thread.Sleep(4); // the collector's lists change while they are checked
            }
        }
    }
}
