using System.Globalization;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary><c>hognose biggest</c> and <c>why</c> from outside: the built tool on a program that holds memory in every way we name.</summary>
public sealed class HoldersTests
{
    /// <summary>
    /// Each holder keeps a list of bytes objects that nobody else has, each list of another size, so that its retained size is its own size and theirs. The
    /// truth is printed by name.
    /// </summary>
    private const string Program = """
        import collections, functools, gc, sys, threading
        gc.disable()
        def blocks(count):
            return [bytes(1000) for _ in range(count)]
        def tell(name, held):
            print(name, sys.getsizeof(held) + sum(sys.getsizeof(each) for each in held))
        class Session:
            def __init__(self, rows): self.rows = rows
        class Slot:
            __slots__ = ("payload",)
        class Node:
            def __init__(self, next): self.next = next
        CACHE = {"secret": Session(blocks(900))}; tell("CACHE", CACHE["secret"].rows)
        slot = Slot(); slot.payload = blocks(800); tell("slot", slot.payload)
        queue = collections.deque(blocks(700)); tell("queue", queue)
        def outer():
            response = blocks(600); tell("closure", response)
            def inner(): return response
            return inner
        inner = outer()
        def produce():
            pending = blocks(500); tell("generator", pending)
            yield pending
        producer = produce(); next(producer)
        def work(ready, stop):
            rows = blocks(400); tell("thread", rows)
            ready.set(); stop.wait()
        ready, stop = threading.Event(), threading.Event()
        worker = threading.Thread(target=work, args=(ready, stop), daemon=True, name="worker"); worker.start(); ready.wait()
        def line(frame, function):
            while frame.f_code.co_name != function: frame = frame.f_back
            return frame.f_lineno
        print("line-of-thread", line(sys._current_frames()[worker.ident], "work"))
        print("line-of-generator", producer.gi_frame.f_lineno)
        del worker
        @functools.lru_cache(None)
        def cached(key): return blocks(300)
        cached(1)
        chain = None
        for _ in range(5000): chain = Node(chain)
        lost = blocks(200); tell("lost", lost); lost.append(lost); del lost
        nested = ((blocks(350),),); tell("nested", nested[0][0])
        print("ready", flush=True); sys.stdin.readline()
        """;

    private static readonly Dictionary<string, string> Ways = new()
    {
        ["CACHE"] = "module __main__.CACHE[…].rows",
        ["slot"] = "module __main__.slot.payload",
        ["queue"] = "module __main__.queue",
        ["nested"] = "module __main__.nested[0][0]",
    };

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Retained_sizes_are_exact_and_holders_are_named(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        var truth = TruthOf(program);
        using var json = Json("biggest", $"{program.Pid}", "--top", "40");
        var byRetained = json.RootElement.GetProperty("objects").EnumerateArray()
            .ToDictionary(each => each.GetProperty("address").GetString()!, each => (each.GetProperty("retained_bytes").GetInt64(), each.GetProperty("held_by").GetString()!));

        foreach (var (holder, way) in Ways)
            Assert.Contains((truth[holder], way), byRetained.Values);
        Assert.Contains((truth["generator"], $"module __main__.producer → produce() <string>:{truth["line-of-generator"]} · local 'pending'"), byRetained.Values);
        Assert.Contains((truth["thread"], $"thread \"worker\" · work() <string>:{truth["line-of-thread"]} · local 'rows'"), byRetained.Values);
        Assert.Contains((truth["closure"], "module __main__.inner → closure of outer.<locals>.inner() · cell 'response'"), byRetained.Values);
        Assert.Contains(byRetained.Values, each => each.Item2 == "module __main__.chain");
        Assert.True(json.RootElement.GetProperty("totals").GetProperty("garbage_bytes").GetInt64() >= truth["lost"]);
        Assert.DoesNotContain("secret", json.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, program.Finish().ExitCode);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Ways_to_a_type_are_told_by_their_shape(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        using var nodes = Json("why", $"{program.Pid}", "__main__.Node");
        // Where an instance has a dict of its own (up to 3.10) the head of the list is held otherwise than the rest.
        var ways = nodes.RootElement.GetProperty("ways").EnumerateArray().ToList();
        var first = ways.Count == 1 ? "module __main__.chain.next(×0…n)" : "module __main__.chain";
        Assert.Equal((first, 5000), (ways[0].GetProperty("held_by").GetString(), ways.Sum(each => each.GetProperty("objects").GetInt64())));
        Assert.All(ways.Skip(1), each => Assert.StartsWith("module __main__.chain.next", each.GetProperty("held_by").GetString(), StringComparison.Ordinal));

        using var session = Json("why", $"{program.Pid}", "__main__.Session", "--contents");
        var way = Assert.Single(session.RootElement.GetProperty("ways").EnumerateArray());
        Assert.Equal("module __main__.CACHE['secret']", way.GetProperty("held_by").GetString());

        using var one = Json("why", $"{program.Pid}", way.GetProperty("example_address").GetString()!);
        Assert.Equal("module __main__.CACHE[…]", one.RootElement.GetProperty("ways")[0].GetProperty("held_by").GetString());
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Tasks_of_asyncio_are_told_by_name_and_by_what_they_await(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), """
            import asyncio, gc, sys
            class Row: pass
            class Page: pass
            async def fetch():
                await asyncio.sleep(1000)
            async def poll(row):
                rows = [row]
                await fetch()
            async def wait(page, future):
                await future
            async def main():
                loop = asyncio.get_running_loop()
                tasks.append(loop.create_task(poll(Row())))
                if hasattr(tasks[0], "set_name"): tasks[0].set_name("poller")
                tasks.append(loop.create_task(wait(Page(), loop.create_future())))
                await asyncio.sleep(0)
                coroutines = [task._coro for task in tasks]
                print(*(coroutine.cr_frame.f_lineno for coroutine in coroutines), tasks[1].get_name())
                del coroutines
                print("ready", flush=True); sys.stdin.readline()
                for task in tasks: task.cancel()
            tasks = []
            asyncio.run(main())
            """);
        var truth = program.Truth.Trim().Split(' ');
        using var rows = Json("why", $"{program.Pid}", "__main__.Row");
        Assert.Equal(
            $"module __main__.tasks[0] → asyncio task 'poller' awaiting fetch() → poll() <string>:{truth[0]} · local 'row'",
            Assert.Single(rows.RootElement.GetProperty("ways").EnumerateArray()).GetProperty("held_by").GetString());
        using var pages = Json("why", $"{program.Pid}", "__main__.Page");
        Assert.Equal(
            $"module __main__.tasks[1] → asyncio task '{truth[2]}' awaiting a future → wait() <string>:{truth[1]} · local 'page'",
            Assert.Single(pages.RootElement.GetProperty("ways").EnumerateArray()).GetProperty("held_by").GetString());
    }

    [Fact]
    public void A_type_that_namespaces_have_too_shows_who_holds_most_first()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import sys
            rows = [{"id": i} for i in range(5000)]
            print("ready", flush=True); sys.stdin.readline()
            """);
        using var json = Json("why", $"{program.Pid}", "dict");
        var first = json.RootElement.GetProperty("ways")[0];
        Assert.Equal(("module __main__.rows[i]", 5000), (first.GetProperty("held_by").GetString(), first.GetProperty("objects").GetInt64()));
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Interned_strings_are_retained_by_who_refers_to_them(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), """
            import sys
            words = [sys.intern("word number %d of the list" % i) for i in range(2000)]
            # Since 3.12 some versions make every interned string immortal: it outlives the list, which then retains itself alone.
            isImmortal = sys.getrefcount(words[0]) > 1000
            print(sys.getsizeof(words) + (0 if isImmortal else sum(map(sys.getsizeof, words))))
            print("ready", flush=True); sys.stdin.readline()
            """);
        using var json = Json("biggest", $"{program.Pid}", "--top", "40");
        var list = json.RootElement.GetProperty("objects").EnumerateArray().Single(each => each.GetProperty("held_by").GetString() == "module __main__.words");
        Assert.Equal(long.Parse(program.Truth, CultureInfo.InvariantCulture), list.GetProperty("retained_bytes").GetInt64());
    }

    [Fact]
    public void Garbage_is_what_a_collection_frees()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import gc, sys
            gc.collect(); gc.disable()
            class Node: pass
            for _ in range(100):
                a, b = Node(), Node()
                a.other, b.other, a.load = b, a, [bytes(500)]
            del a, b
            print("ready", flush=True); sys.stdin.readline()
            print(gc.collect(), flush=True)
            """);
        using var json = Json("biggest", $"{program.Pid}");
        var garbage = json.RootElement.GetProperty("totals").GetProperty("garbage_objects").GetInt64();
        // What the collector counts are objects it tracks; each pair holds one bytes object besides.
        Assert.Equal(long.Parse(program.Finish().Output, CultureInfo.InvariantCulture), garbage - 100);
    }

    [Theory]
    [InlineData("no.such.Type", "has no object of a type named")]
    [InlineData("0x10", "no object stands at 0x10")]
    [InlineData("0xzz", "is no address")]
    public void What_is_not_there_is_said_in_one_line(string what, string says)
    {
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline()");
        var run = BuiltTool.Run("why", $"{program.Pid}", what);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(says, run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, program.Finish().ExitCode);
    }

    [Theory]
    [InlineData("Node", 0, "__main__.Node")]
    [InlineData("node", 2, "did you mean __main__.Node?")]
    [InlineData("Twin", 2, "'Twin' is no type's whole name: name one of __main__.Twin, other.Twin")]
    [InlineData("ode", 2, "has no object of a type named 'ode'")]
    public void A_type_goes_by_the_end_of_its_name(string what, int exitCode, string says)
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import sys
            class Node: pass
            class Twin: pass
            kept = [Node(), Node(), Twin(), type("Twin", (), {"__module__": "other"})()]
            print('ready', flush=True); sys.stdin.readline()
            """);
        var run = BuiltTool.Run("why", $"{program.Pid}", what);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(says, exitCode == 0 ? run.Output : run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, program.Finish().ExitCode);
    }

    private static Dictionary<string, long> TruthOf(TargetProgram program) => program.Truth.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture));

    private static JsonDocument Json(params string[] arguments)
    {
        var run = BuiltTool.Run([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0, run.ToString());
        return JsonDocument.Parse(run.Output);
    }
}
