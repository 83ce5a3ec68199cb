using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary><c>hognose heap</c> from outside: the built tool on real programs.</summary>
public sealed class HeapCommandTests
{
    private const string Program = """
        import sys
        class Marker:
            pass
        class Wide:
            __slots__ = ("a", "b", "c")
        markers = [Marker() for _ in range(1234)]
        wides = [Wide() for _ in range(777)]
        print(sys.getsizeof(wides[0]) * len(wides))
        print("%s.%s.%s" % sys.version_info[:3])
        print("ready", flush=True); sys.stdin.readline()
        print("untouched")
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Every_python_is_counted_exactly_and_goes_on(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        var truth = program.Truth.Split('\n');
        var run = BuiltTool.Run("heap", $"{program.Pid}", "--json");
        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0, run.ToString());

        using var json = JsonDocument.Parse(run.Output);
        var root = json.RootElement;
        Assert.Equal((1234, true), Count(root, "__main__.Marker") is var (objects, bytes) ? (objects, bytes > 0) : default);
        Assert.Equal((777, long.Parse(truth[0], System.Globalization.CultureInfo.InvariantCulture)), Count(root, "__main__.Wide"));
        Assert.Equal(truth[1], root.GetProperty("process").GetProperty("python_version").GetString());
        Assert.Equal(0, root.GetProperty("totals").GetProperty("not_read").GetInt64());
        Assert.True(root.GetProperty("pause").GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(
            root.GetProperty("totals").GetProperty("objects").GetInt64(),
            root.GetProperty("types").EnumerateArray().Sum(type => type.GetProperty("objects").GetInt64()));
        var end = program.Finish();
        Assert.Equal((0, "untouched\n"), (end.ExitCode, end.Output));
    }

    [Fact]
    public void A_program_run_through_a_loader_is_counted()
    {
        using var program = TargetProgram.StartText(Interpreters.Find(InterpreterForm.ThroughLoader), Program);
        var run = BuiltTool.Run("heap", $"{program.Pid}", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(1234, Count(json.RootElement, "__main__.Marker").Objects);
    }

    [Fact]
    public void The_table_says_what_it_must_and_is_no_wider_than_it_may()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Program);
        var run = BuiltTool.Run("heap", $"{program.Pid}", "--top", "4");
        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0, run.ToString());

        var lines = run.Output.Split('\n');
        Assert.Contains(lines, line => line.Contains("The process stood still for ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"hognose heap {program.Pid} --all", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("4 of ", StringComparison.Ordinal));
        Assert.Equal(4, lines.Count(line => line.Count(c => c == '%') == 2));
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void All_types_are_listed_when_asked_for()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Program);
        var run = BuiltTool.Run("heap", $"{program.Pid}", "--all");
        Assert.Contains("__main__.Wide", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--all", run.Output, StringComparison.Ordinal);
    }

    private static (long Objects, long Bytes) Count(JsonElement root, string type)
    {
        var found = root.GetProperty("types").EnumerateArray().Where(each => each.GetProperty("name").GetString() == type).ToList();
        Assert.True(found.Count == 1, $"{found.Count} types are named {type}");
        return (found[0].GetProperty("objects").GetInt64(), found[0].GetProperty("bytes").GetInt64());
    }
}
