using System.Globalization;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary>A program in user, PID and mount namespaces of its own, its interpreter on a file system that only it sees, read from outside.</summary>
public sealed class ContainerTests
{
    private const string Program = """
        import os, sys
        class Marker: pass
        kept = [Marker() for _ in range(4321)]
        assert os.getpid() == 1
        print("ready", flush=True); sys.stdin.readline(); print("right", flush=True)
        """;

    [Theory, InlineData("3.8"), InlineData("3.13"), InlineData("3.11 static")]
    public void A_program_in_a_container_is_read_and_forked_from_the_host(string name)
    {
        var python = Interpreters.Find(name);
        Assert.SkipUnless(MayUnshare(), "unshare(1) may not make namespaces here");
        using var outer = TargetProgram.Start(
            "unshare",
            ["-Urpmf", "--mount-proc", "/bin/sh", "-c", "mount -t tmpfs none /mnt && cp \"$0\" /mnt/contained && exec /mnt/contained \"$@\"", python.Executable, "-c", Program],
            new Dictionary<string, string?> { ["PYTHONHOME"] = Path.GetDirectoryName(Path.GetDirectoryName(python.Executable)) });
        var inner = File.ReadAllText($"/proc/{outer.Pid}/task/{outer.Pid}/children").Trim();

        foreach (var arguments in (string[][])[["heap", inner, "--json"], ["heap", inner, "--json", "--fork"]])
        {
            var run = BuiltTool.Run(arguments);
            Assert.True(run.ExitCode == 0 && run.Errors.Length == 0, run.ToString());
            using var json = JsonDocument.Parse(run.Output);
            Assert.Equal(4321, json.RootElement.GetProperty("types").EnumerateArray().Single(type => type.GetProperty("name").GetString() == "__main__.Marker").GetProperty("objects").GetInt64());
            Assert.Equal(int.Parse(inner, CultureInfo.InvariantCulture), json.RootElement.GetProperty("process").GetProperty("process_id").GetInt32());
            Assert.DoesNotContain(json.RootElement.GetProperty("trouble").EnumerateArray(), trouble => trouble.GetProperty("id").GetString() is "HG0303" or "HG0304");
        }
        Assert.Equal("", File.ReadAllText($"/proc/{inner}/task/{inner}/children"));
        var (exitCode, said, errors) = outer.Finish();
        Assert.Equal((0, "right\n", ""), (exitCode, said, errors.Replace("unshare: sigprocmask unblock failed: Invalid argument\n", "", StringComparison.Ordinal)));
    }

    private static bool MayUnshare()
    {
        using var unshare = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("unshare", ["-Urpmf", "--mount-proc", "mount", "-t", "tmpfs", "none", "/mnt"]) { RedirectStandardError = true });
        unshare!.WaitForExit();
        return unshare.ExitCode == 0;
    }
}
