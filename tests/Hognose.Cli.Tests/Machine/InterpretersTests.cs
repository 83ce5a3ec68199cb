using Hognose.Testing;

namespace Hognose.Cli.Tests.Machine;

public class InterpretersTests
{
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void An_interpreter_of_every_version_runs_and_says_so_itself(string name)
    {
        var python = Interpreters.Find(name);

        using var program = TargetProgram.StartText(python, "import sys; print('%d.%d.%d' % sys.version_info[:3]); print('ready', flush=True); input()");

        Assert.Equal(python.Version + "\n", program.Truth);
    }

    [Fact]
    public void An_interpreter_started_through_a_loader_starts_itself_again()
    {
        var python = Interpreters.Find(InterpreterForm.ThroughLoader);

        var run = BuiltTool.Execute(python.Executable, ["-c", "import subprocess, sys; subprocess.check_call([sys.executable, '-c', 'print(42)'])"]);

        Assert.Equal(new ToolRun(0, "42\n", ""), run);
    }
}
