using System.Diagnostics;

namespace Hognose.Targets.Tests.Programs;

/// <summary>A child process that says "ready" on its stdout and ends when its stdin closes or when it is disposed of.</summary>
internal sealed class LiveProgram : IDisposable
{
    private readonly Process _process;

    private LiveProgram(Process process) => _process = process;

    public int Id => _process.Id;

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    public static LiveProgram Start(string executable, params string[] arguments)
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var program = new LiveProgram(Process.Start(start)!);
        program.Expect("ready");
        return program;
    }

    /// <summary>A Python program; "ready()" in it reports readiness and "wait()" blocks until <see cref="Input"/> is closed.</summary>
    public static LiveProgram StartPython(string code, string interpreter = "/usr/bin/python3")
    {
        Assert.SkipUnless(File.Exists(interpreter), $"there is no {interpreter}");
        const string prelude = """
            import sys
            def ready(): print("ready", flush=True)
            def wait(): return sys.stdin.readline()

            """;
        return Start(interpreter, "-c", prelude + code);
    }

    public void Expect(string line)
    {
        var got = Output.ReadLine();
        Assert.True(got == line, $"expected '{line}' and got '{got}'");
    }

    public string EndAndReadOutput(out int status)
    {
        Input.Close();
        var rest = Output.ReadToEnd();
        _process.WaitForExit();
        status = _process.ExitCode;
        return rest;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
