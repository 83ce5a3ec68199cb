using System.Text.Json;
using Hognose.Cli.Tests.Births;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Family;

/// <summary>The same time of several processes: of one that is over, of one that has not begun, and of those between.</summary>
public sealed class FamilyPartTests
{
    /// <summary>A row is one block of one line. 1,500 come first: up to 3.10 a function gets its caches, blocks of its line, too, at its 1024th call.</summary>
    private const string Program = """
        import os, sys
        ROWS = [None] * 10_000
        def row():
            return bytes(1000)
        def keep(first, count):
            for n in range(first, first + count):
                ROWS[n] = row()
        def child(count):
            process = os.fork()
            if process == 0:
                keep(5000, count)
                os._exit(0)
            os.waitpid(process, 0)
        keep(0, 1500)
        child(40)
        until, end = os.pipe()
        ready, made = os.pipe()
        beside = os.fork()
        if beside == 0:
            os.close(end)
            keep(5000, 7)
            os.write(made, b"x")
            os.read(until, 1)
            keep(5007, 11)
            os._exit(0)
        os.close(until)
        os.read(ready, 1)
        print(os.getpid(), flush=True)
        sys.stdin.readline()
        keep(1500, 70)
        child(50)
        os.close(end)
        os.waitpid(beside, 0)
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_time_of_the_program_is_one_of_all_its_processes(string name)
    {
        using var folder = new TemporaryFolder();
        using (var tool = BuiltTool.Start(["run", "-q", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, "-c", Program]))
        {
            var pid = tool.StandardOutput.ReadLine()!;
            var mark = BuiltTool.Run("mark", pid, "half way");
            Assert.True(mark.ExitCode == 0, mark.ToString());
            tool.StandardInput.WriteLine();
            Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
            Assert.Equal((0, ""), (tool.ExitCode, tool.StandardError.ReadToEnd()));
        }

        Assert.Equal(70 + 50 + 11, Rows(folder, "--growth", "--since", "half way"));
        var alone = RowsAlone(folder, "--leaks", "--until", "half way");
        Assert.InRange(alone, 1500, 1510);
        Assert.Equal(alone + 40 + 7, Rows(folder, "--leaks", "--until", "half way"));
        // The child that is over holds nothing any more.
        Assert.Equal(alone + 7, Rows(folder, "--at", "half way"));
        Assert.Equal(alone + 70 + 40 + 50 + 18, Rows(folder, "--leaks", "--since", "0"));
        // By their begin: the program, the child that is over, the one beside it, the one that comes later.
        Assert.Equal([true, false, true, true], HoldAnything(folder, "--since", "half way"));
        Assert.Equal([true, false, true, false], HoldAnything(folder, "--at", "half way"));
        Assert.Equal([true, true, true, false], HoldAnything(folder, "--until", "half way"));
        var shown = BuiltTool.Run("show", folder.At("x.alloc"), "--family", "--growth", "--since", "half way");
        Assert.Contains("only a part of the recordings: what was allocated from 'half way'", shown.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("with 3 other processes", shown.Output, StringComparison.Ordinal);
        var late = BuiltTool.Run("show", folder.At("x.alloc"), "--family", "--since", "1h");
        Assert.Equal(2, late.ExitCode);
        Assert.Contains("ends before that: give --since less than ", late.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Recordings_of_two_programs_have_no_time_in_common()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["x.alloc", "y.alloc"])
            Assert.Equal(0, BuiltTool.Run("run", "-q", "-o", folder.At(file), "--python", Interpreters.Any.Executable, "-c", "pass").ExitCode);
        var shown = BuiltTool.Run("show", folder.At("x.alloc"), folder.At("y.alloc"), "--since", "0");
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("not in it: ", shown.Output, StringComparison.Ordinal);
        Assert.Contains("tells of no clock", shown.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private static IEnumerable<bool> HoldAnything(TemporaryFolder folder, params string[] part) =>
        ToolJson.Of(["show", folder.At("x.alloc"), "--family", "--json", .. part]).GetProperty("processes").EnumerateArray()
            .OrderBy(process => process.GetProperty("began_seconds").GetDouble()).Select(process => process.GetProperty("high_water_bytes").GetInt64() > 0);

    private static long Rows(TemporaryFolder folder, params string[] part) =>
        RowsOf(ToolJson.Of(["show", folder.At("x.alloc"), "--family", "--sites", "10000", "--json", .. part]).GetProperty("views")[0]);

    private static long RowsAlone(TemporaryFolder folder, params string[] part) =>
        RowsOf(ToolJson.Of(["show", folder.At("x.alloc"), "--sites", "10000", "--json", .. part]).GetProperty("view"));

    private static long RowsOf(JsonElement view) =>
        view.GetProperty("sites").EnumerateArray()
            .Where(site => site.GetProperty("function").GetString() == "row").Sum(site => site.GetProperty("blocks").GetInt64());
}
