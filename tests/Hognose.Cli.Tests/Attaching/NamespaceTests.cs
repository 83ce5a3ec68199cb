using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hognose.Cli.Tests.Births;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Attaching;

/// <summary>A program in a container, attached to from outside: the tool's pid is nobody's there, which must not be taken for its death.</summary>
public sealed class NamespaceTests
{
    /// <summary>Six times what the agent waits before it asks whether the tool lives, and less than it waits for one that does.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private const string Program = """
        import os, select, sys
        assert os.getpid() == 1
        print("ready", flush=True)
        while not select.select([sys.stdin], [], [], 0)[0]:
            rows = [str(number) for number in range(1000)]
        """;

    [Fact]
    public async Task A_silence_of_the_tool_does_not_end_the_recording()
    {
        Assert.SkipUnless(MayUnshare(), "unshare(1) may not make namespaces here");
        using var folder = new TemporaryFolder();
        using var outer = TargetProgram.Start("unshare", ["-Urpf", Interpreters.Any.Executable, "-c", Program]);
        var inner = (await File.ReadAllTextAsync($"/proc/{outer.Pid}/task/{outer.Pid}/children", TestContext.Current.CancellationToken)).Trim();
        using var tool = BuiltTool.Start(["attach", inner, "-o", folder.At("x.alloc")]);
        Assert.StartsWith("hognose: attached to pid", await tool.StandardError.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Signal("STOP", tool);
        await Task.Delay(Silence, TestContext.Current.CancellationToken);
        Signal("CONT", tool);
        Assert.Equal(0, BuiltTool.Run("detach", inner).ExitCode);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, tool.ExitCode);
        var recorder = ToolJson.Of("show", folder.At("x.alloc"), "--json").GetProperty("recorder");
        Assert.Equal(JsonValueKind.Null, recorder.GetProperty("stopped_because").ValueKind);
        Assert.Equal(0, recorder.GetProperty("lost_events").GetInt64());
        Assert.Equal(0, outer.Finish().ExitCode);
    }

    private static void Signal(string name, Process process) =>
        BuiltTool.Execute("/bin/kill", ["-s", name, "--", process.Id.ToString(CultureInfo.InvariantCulture)]);

    private static bool MayUnshare() => BuiltTool.Execute("unshare", ["-Urpf", "true"]).ExitCode == 0;
}
