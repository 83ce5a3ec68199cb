using Hognose.Testing;

namespace Hognose.Cli.Tests.BadInput;

/// <summary>Bad input ends with status 2 and one line on stderr that names what is wrong and what to do.</summary>
public class BadInputTests
{
    [Theory]
    [InlineData("no_such_script.py", "run", "no_such_script.py")]
    [InlineData("/no/such/python", "run", "--python", "/no/such/python", "-c", "pass")]
    [InlineData("/etc/passwd", "run", "--python", "/etc/passwd", "-c", "pass")]
    [InlineData("/bin/sh", "run", "--python", "/bin/sh", "-c", "pass")]
    [InlineData("/no/such/folder", "run", "-o", "/no/such/folder/x.alloc", "-c", "pass")]
    [InlineData("program", "run")]
    [InlineData("no_such.alloc", "show", "no_such.alloc")]
    [InlineData("/etc", "show", "/etc")]
    [InlineData("/etc/passwd", "show", "/etc/passwd")]
    [InlineData("2147483600", "heap", "2147483600")]
    [InlineData("-5", "heap", "-5")]
    [InlineData("abc", "heap", "abc")]
    [InlineData("--no-such-option", "show", "--no-such-option")]
    [InlineData("no-such-command", "no-such-command")]
    [InlineData("--own", "lines", "--own", "/etc/app.py")]
    [InlineData("--compat", "lines", "/etc/passwd", "--compat")]
    [InlineData("--compat", "gc", "1", "--compat")]
    [InlineData("--json", "gc", "--json", "app.py")]
    [InlineData(".gif", "show", "x.alloc", "--picture", "x.gif")]
    [InlineData("what kind of picture", "show", "x.alloc", "--picture", "x")]
    [InlineData("/etc", "show", "x.alloc", "--picture", "/etc")]
    public void Bad_input_ends_with_one_clear_line(string named, params string[] arguments) =>
        MustBeOneLine(BuiltTool.Run(arguments), named);

    [Fact]
    public void A_process_that_is_no_python_is_refused()
    {
        using var target = TargetProgram.Start("/bin/sh", ["-c", "echo ready; read line"]);

        MustBeOneLine(BuiltTool.Run("heap", $"{target.Pid}"), $"{target.Pid}");
        Assert.False(target.HasExited);
    }

    [Fact]
    public void A_kernel_thread_is_refused() => MustBeOneLine(BuiltTool.Run("heap", "2"), "2");

    [Fact]
    public void Itself_or_a_zombie_is_refused()
    {
        using var target = TargetProgram.StartText(Interpreters.Any, "import os, time\npid = os.fork()\nif not pid: os._exit(0)\nos.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)\nprint(pid)\nprint('ready', flush=True)\ninput()");

        MustBeOneLine(BuiltTool.Run("heap", target.Truth.Trim()), target.Truth.Trim());
    }

    [Fact]
    public void No_python_on_the_path_is_said()
    {
        var environment = new Dictionary<string, string?> { ["PATH"] = "/no/such/folder", ["VIRTUAL_ENV"] = null };

        MustBeOneLine(BuiltTool.Execute(BuiltTool.Path, ["run", "-c", "pass"], environment: environment), "python3");
    }

    [Fact]
    public void A_virtual_environment_without_python_is_said()
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?> { ["VIRTUAL_ENV"] = folder.Path };

        MustBeOneLine(BuiltTool.Execute(BuiltTool.Path, ["run", "-c", "pass"], environment: environment), folder.Path);
    }

    [Fact]
    public void Another_users_process_is_refused_with_the_way_out()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become somebody else");
        using var target = TargetProgram.StartText(Interpreters.Any, "print('ready', flush=True); input()");
        using var folder = new WorldReadableTool();

        var run = BuiltTool.Execute("/usr/bin/setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", folder.Tool, "heap", $"{target.Pid}"]);

        MustBeOneLine(run, $"{target.Pid}");
        Assert.Contains("user", run.Errors, StringComparison.Ordinal);
    }

    internal static void MustBeOneLine(ToolRun run, string named)
    {
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Equal("", run.Output);
        Assert.True(run.Errors.StartsWith("hognose: ", StringComparison.Ordinal) && run.Errors.IndexOf('\n', StringComparison.Ordinal) == run.Errors.Length - 1, run.ToString());
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
        Assert.True(run.Errors.Contains(": ", StringComparison.Ordinal), run.ToString());
    }
}
