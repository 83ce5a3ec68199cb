using System.Diagnostics;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary>The built tool on core files.</summary>
public sealed class CoreCommandTests
{
    private const string Program = """
        import sys
        class Marker: pass
        kept = [Marker() for _ in range(1234)]
        print("ready", flush=True); sys.stdin.readline()
        """;

    [Fact]
    public void A_core_answers_what_the_process_answers_also_packed_and_without_its_binaries()
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Any, Program);
        var live = Heap($"{program.Pid}");
        var core = GCore(program.Pid, folder);
        var dead = Heap(core);
        Assert.Equal(Text(live, "types"), Text(dead, "types"));
        Assert.Equal(Text(live, "totals"), Text(dead, "totals"));
        var process = dead.RootElement.GetProperty("process");
        Assert.Equal((program.Pid, JsonValueKind.Null, core), (process.GetProperty("process_id").GetInt32(), process.GetProperty("rss_bytes").ValueKind, process.GetProperty("core").GetProperty("path").GetString()));

        Run("gzip", "-k", core);
        Assert.Equal(Text(live, "types"), Text(Heap(core + ".gz"), "types"));

        var why = BuiltTool.Run("why", core, "__main__.Marker");
        Assert.Contains("module __main__.kept[i]", why.Output, StringComparison.Ordinal);
        Assert.Contains("From a core of the running process", BuiltTool.Run("biggest", core).Output, StringComparison.Ordinal);

        // Allocators are in the core as they were in memory; what the kernel counted is not.
        using var resident = Rss($"{program.Pid}");
        using var dumped = Rss(core);
        Assert.Equal(0, BuiltTool.Run("snapshot", core, "-o", folder.At("core.heap")).ExitCode);
        using var kept = Rss(folder.At("core.heap"));
        Assert.Equal(Text(resident, "pymalloc"), Text(dumped, "pymalloc"));
        Assert.Equal(resident.RootElement.GetProperty("malloc").GetProperty("arenas").GetRawText(), dumped.RootElement.GetProperty("malloc").GetProperty("arenas").GetRawText());
        foreach (var part in (string[])["verdict", "totals", "parts", "mappings", "pymalloc", "malloc"])
            Assert.Equal(Text(dumped, part), Text(kept, part));
        Assert.Contains("the bytes that the core holds of each mapping", BuiltTool.Run("rss", core).Output, StringComparison.Ordinal);

        Directory.CreateDirectory(folder.At("empty"));
        using var bare = Heap(core, "--sysroot", folder.At("empty"));
        Assert.Contains(bare.RootElement.GetProperty("trouble").EnumerateArray(), trouble => trouble.GetProperty("id").GetString() == "HG0202");
        // Its class lives on the heap, name and all.
        Assert.Equal(1234, bare.RootElement.GetProperty("types").EnumerateArray().Single(type => type.GetProperty("name").GetString()!.EndsWith("Marker", StringComparison.Ordinal)).GetProperty("objects").GetInt64());

        using (var cut = new FileStream(core, FileMode.Open))
            cut.SetLength(cut.Length / 3);
        Refused("bytes of the core are cut off", core);
    }

    [Fact]
    public void What_is_no_core_of_a_python_ends_in_one_line()
    {
        using var folder = new TemporaryFolder();
        using var sleep = TargetProgram.Start("/bin/sh", ["-c", "echo ready; exec sleep 1000"]);
        Refused("is not a Python process", GCore(sleep.Pid, folder));
        Refused("is a program or library", "/bin/sh");
        Refused("cannot be opened", "/no/such/core");
        Refused("is no core file", folder.Write("text", "no core"));
        Refused("is no pid", "nonsense");
        Refused("--sysroot is for core files", "1", "--sysroot", "/");
        Refused("are for running processes", folder.At("text"), "--fork");
    }

    private static JsonDocument Heap(params IEnumerable<string> arguments)
    {
        var run = BuiltTool.Run([.. (string[])["heap"], .. arguments, "--json"]);
        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0, run.ToString());
        return JsonDocument.Parse(run.Output);
    }

    private static JsonDocument Rss(string heap)
    {
        var run = BuiltTool.Run("rss", heap, "--json");
        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0, run.ToString());
        return JsonDocument.Parse(run.Output);
    }

    private static string Text(JsonDocument document, string property) => document.RootElement.GetProperty(property).GetRawText();

    private static void Refused(string words, params IEnumerable<string> arguments)
    {
        var run = BuiltTool.Run([.. (string[])["heap"], .. arguments]);
        Assert.True(run.ExitCode == 2 && run.Output.Length == 0, run.ToString());
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, run.Errors.Count(c => c == '\n'));
    }

    private static string GCore(int processId, TemporaryFolder folder)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcore"), "gcore (gdb) is not on this machine");
        Run("gcore", "-o", folder.At("core"), $"{processId}");
        return folder.At($"core.{processId}");
    }

    private static void Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }
}
