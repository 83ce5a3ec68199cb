using System.Text.Json;
using Hognose.Cli.Tests.Behaviour;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Exactness;

/// <summary>Interpreters that come and go: what each frees was allocated, and seen. From 3.14 on each gives pymalloc's own tables back at its end, too.</summary>
public class SubinterpreterTests
{
    [Theory, ClassData(typeof(AllInterpreters))]
    public void Nothing_is_freed_that_was_not_seen(string name)
    {
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Run("run", "-q", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, ProgramFiles.At("Lives/subinterpreters.py"));
        Assert.True(run.ExitCode == 0, run.ToString());
        var recorder = JsonDocument.Parse(BuiltTool.Run("show", folder.At("x.alloc"), "--json").Output).RootElement.GetProperty("recorder");
        Assert.Equal((0, 0, 0), (
            recorder.GetProperty("unknown_frees").GetInt64(), recorder.GetProperty("contradictory_events").GetInt64(), recorder.GetProperty("lost_events").GetInt64()));
    }
}
