using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Runtime;

public sealed class PythonRuntimeFinderTests
{
    private const string Waiting = """
        import sys
        print("%s.%s.%s" % sys.version_info[:3]); print("ready"); sys.stdout.flush(); sys.stdin.readline()
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void The_runtime_of_every_python_is_found_with_its_exact_version(string minor)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(minor), Waiting);
        AssertFound(program);
    }

    [Fact]
    public void A_python_started_through_a_loader_is_found()
    {
        using var program = TargetProgram.StartText(Interpreters.Find(InterpreterForm.ThroughLoader), Waiting);
        AssertFound(program);
    }

    [Theory, InlineData("2.7"), InlineData("3.6"), InlineData("3.7")]
    public void An_older_python_is_refused_by_its_version(string minor)
    {
        var python = Interpreters.FindUnsupported(Version.Parse(minor));
        using var program = TargetProgram.StartText(python, Waiting);
        var refusal = Assert.Throws<CannotContinueException>(() => Find(program));
        Assert.Contains($"this is Python {python.Version}, and Hognose reads CPython 3.8 to", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_debug_build_is_refused()
    {
        var python = Interpreters.All.FirstOrDefault(each => each.IsDebugBuild);
        Assert.SkipUnless(python is not null, "no debug build of CPython is on this machine");
        using var program = TargetProgram.StartText(python!, Waiting);
        var refusal = Assert.Throws<CannotContinueException>(() => Find(program));
        Assert.Contains("debug build", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_no_python_is_refused()
    {
        using var program = TargetProgram.Start("/bin/sh", ["-c", "echo ready; read line"]);
        var refusal = Assert.Throws<CannotContinueException>(() => Find(program));
        Assert.Equal($"pid {program.Pid} (sh) is not a Python process", refusal.Message);
    }

    private static void AssertFound(TargetProgram program)
    {
        var build = Find(program);
        Assert.Equal(program.Truth.Trim(), build.Version.ToString());
        Assert.True(build.IsMicroKnown);
        Assert.Equal(RuntimeEvidence.Symbol, build.Evidence);
    }

    private static PythonBuild Find(TargetProgram program) => PythonRuntimeFinder.Find(TargetProcess.Open(program.Pid), Limits.Default);
}
