using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace Hognose.Testing;

/// <summary>
/// A Python program under test. It prints whatever it knows to be true, then a line "ready" on stdout, then waits for a line (or
/// the end) on stdin. <see cref="Start"/> returns once it is ready: no sleeps. Disposing kills it.
/// </summary>
public sealed class TargetProgram : IDisposable
{
    /// <summary>Only a program that hangs ever meets it; generous because the tests of seven projects share the cores.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>
    /// The program is our grandchild. Were it our child, stopping it by ptrace in this process would lead .NET's SIGCHLD handler, which calls
    /// waitpid for every child of <see cref="Process"/>, to take the stop for the child's end (SystemNative_WaitPidExitedNoHang).
    /// The inner shell becomes the program, so the pid that it prints is the program's; the outer one hands on its exit status.
    /// </summary>
    private static readonly string[] Grandchild = ["-c", "sh -c \"$0\" sh \"$@\"; exit $?", "echo $$; exec \"$@\""];

    /// <summary>The outer shell.</summary>
    private readonly Process process;
    private readonly Task<string> errors;

    private TargetProgram(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    public int Pid { get; private set; }

    public bool HasExited => process.HasExited;

    /// <summary>What the program printed before "ready".</summary>
    public string Truth { get; private set; } = "";

    /// <summary>Starts a program given as text and waits until it is ready.</summary>
    public static TargetProgram StartText(Interpreter python, string text, params string[] arguments) =>
        Start(python.Executable, ["-c", text, .. arguments]);

    /// <summary>Starts a script and waits until it is ready.</summary>
    public static TargetProgram StartScript(Interpreter python, string script, params string[] arguments) =>
        Start(python.Executable, [script, .. arguments]);

    /// <summary>Starts any command line and waits until it is ready.</summary>
    public static TargetProgram Start(string executable, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo("/bin/sh", [.. Grandchild, executable, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        var program = new TargetProgram(Process.Start(start)!);
        program.WaitUntilReady();
        return program;
    }

    /// <summary>Writes a line to the program's stdin and returns what it prints until it is ready again.</summary>
    public string Ask(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
        return ReadUntilReady();
    }

    /// <summary>Closes stdin, which ends a waiting program, and returns its exit status and the rest of what it printed.</summary>
    public (int ExitCode, string Output, string Errors) Finish()
    {
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
            throw new TimeoutException($"the program (PID {Pid}) did not end within {Patience}");
        return (process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Returns when it has gone: the kernel may take its time, and its memory is there until then.</summary>
    public void Kill()
    {
        using var program = Process.GetProcessById(Pid);
        program.Kill();
        Assert.True(SpinWait.SpinUntil(() => !IsThere(), TimeSpan.FromSeconds(30)));
    }

    /// <summary>With memory: one whose status nobody has asked for has none.</summary>
    private bool IsThere()
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/stat"));
            return stat[stat.LastIndexOf(')')..].Split(' ')[1] is not ("Z" or "X");
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // ended by itself
        }
        process.Dispose();
    }

    private void WaitUntilReady()
    {
        try
        {
            using (var patience = new CancellationTokenSource(Patience))
                Pid = int.Parse(ReadLine(patience.Token) ?? "0", CultureInfo.InvariantCulture);
            Truth = ReadUntilReady();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string ReadUntilReady()
    {
        var said = new StringBuilder();
        using var patience = new CancellationTokenSource(Patience);
        while (ReadLine(patience.Token) is { } line)
        {
            if (line == "ready")
                return said.ToString();
            said.Append(line).Append('\n');
        }
        throw new InvalidOperationException($"the program ended before it was ready:\n{said}{errors.Result}");
    }

    private string? ReadLine(CancellationToken patience)
    {
        try
        {
            return process.StandardOutput.ReadLineAsync(patience).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the program (PID {Pid}) was not ready within {Patience}");
        }
    }
}
