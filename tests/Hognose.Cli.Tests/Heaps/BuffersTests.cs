using System.Globalization;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary>Buffers count once, on their owner; a small view that keeps a large one is found.</summary>
public sealed class BuffersTests
{
    /// <summary>Classes of its own tell the program's arrays from numpy's. A view made from an array holds it by its base.</summary>
    private const string Arrays = """
        import sys
        import numpy
        class Owner(numpy.ndarray): pass
        class Shape(numpy.ndarray): pass
        class Row: pass
        owners = [Owner((n, 3), dtype=numpy.float64) for n in range(100, 200)] + [Owner((), dtype="u1"), Owner((0, 7), dtype="f4")]
        shapes = [each[:5].view(Shape) for each in owners[:50]]
        rows = numpy.array([Row() for _ in range(321)], dtype=object).reshape(3, 107)
        seen = list({id(each): each for each in owners + [shape.base for shape in shapes]}.values())
        print(sum(map(sys.getsizeof, seen)), sum(map(sys.getsizeof, shapes)))
        first = numpy.zeros(1_000_000)[:10]
        print(8_000_000 + numpy.ndarray.__basicsize__ + 16 - 80, len(seen))
        print("ready", flush=True); sys.stdin.readline()
        """;

    [Fact]
    public void Arrays_of_numpy_have_their_elements_once()
    {
        // Debian's numpy is for Debian's interpreter.
        var python = Interpreters.Find("3.11 static");
        using (var import = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(python.Executable, ["-c", "import numpy"]) { RedirectStandardError = true })!)
        {
            import.WaitForExit();
            Assert.SkipUnless(import.ExitCode == 0 || Environment.GetEnvironmentVariable("CI") == "true", "python3-numpy is not installed");
        }
        using var program = TargetProgram.StartText(python, Arrays);
        var truth = program.Truth.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(each => long.Parse(each, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal((truth[3], truth[0]), Total(program.Pid, "__main__.Owner"));
        Assert.Equal((50, truth[1]), Total(program.Pid, "__main__.Shape"));
        using var rows = Json("why", $"{program.Pid}", "__main__.Row");
        var way = Assert.Single(rows.RootElement.GetProperty("ways").EnumerateArray());
        Assert.Equal(("module __main__.rows.base[i]", 321), (way.GetProperty("held_by").GetString(), way.GetProperty("objects").GetInt64()));
        Assert.Equal((1, truth[2], "module __main__.first"), Pinned(program.Pid, "numpy.ndarray"));
        Assert.Equal(0, program.Finish().ExitCode);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_small_view_of_a_large_buffer_is_found(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), """
            import array, sys
            small = memoryview(bytes(1_000_000))[:1000]
            shared = bytes(1_000_000); other = memoryview(shared)[:10]
            large = memoryview(bytearray(1_000_000))[500_000:]
            numbers = memoryview(array.array("d", bytes(2_000_000)))[:5]
            print(sys.getsizeof(bytes(1_000_000)) - 1000 + sys.getsizeof(numbers.obj) - 40)
            print("ready", flush=True); sys.stdin.readline()
            """);
        Assert.Equal((2, long.Parse(program.Truth, CultureInfo.InvariantCulture), "module __main__.numbers"), Pinned(program.Pid, "memoryview"));
        Assert.Equal(0, program.Finish().ExitCode);
    }

    private static (long Objects, long Saved, string HeldBy) Pinned(int processId, string type)
    {
        using var waste = Json("waste", $"{processId}");
        var finding = waste.RootElement.GetProperty("findings").EnumerateArray()
            .Single(each => each.GetProperty("kind").GetString() == "pinned_buffers" && each.GetProperty("type").GetString() == type);
        return (finding.GetProperty("objects").GetInt64(), finding.GetProperty("saved_bytes").GetInt64(), finding.GetProperty("example_held_by").GetString()!);
    }

    private static (long Objects, long Bytes) Total(int processId, string type)
    {
        using var heap = Json("heap", $"{processId}", "--type", type);
        var row = Assert.Single(heap.RootElement.GetProperty("types").EnumerateArray());
        return (row.GetProperty("objects").GetInt64(), row.GetProperty("bytes").GetInt64());
    }

    private static JsonDocument Json(params string[] arguments)
    {
        var run = BuiltTool.Run([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return JsonDocument.Parse(run.Output);
    }
}
