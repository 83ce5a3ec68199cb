using System.Diagnostics;
using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Runtime;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Targets.Cores;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>A program that stands still, and the cores that are made of it at that very instant.</summary>
internal sealed class DumpedProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _folder = new();
    private readonly TargetProgram _program;

    /// <param name="python">Runs every_kind.py in a folder of its own, where the kernel may put a core.</param>
    /// <param name="text">A program instead of every_kind.py.</param>
    public DumpedProgram(Interpreter python, string? text = null)
    {
        string[] program = text is null ? [WalkedProgram.Script("every_kind.py"), _folder.At("truth")] : ["-c", text];
        _program = TargetProgram.Start(
            "/bin/sh", ["-c", "cd \"$0\" && ulimit -c unlimited && exec \"$@\"", _folder.Path, python.Executable, .. program]);
        Signal("STOP");
        Assert.True(SpinWait.SpinUntil(() => State == 'T', Patience));
    }

    public int ProcessId => _program.Pid;

    public HeapWalkResult WalkLive() => WalkedProgram.WalkLive(_program.Pid, new DiagnosticBag()).Walk;

    /// <summary>Skips the test where there is no gdb.</summary>
    public string GCore()
    {
        if (!File.Exists("/usr/bin/gcore"))
        {
            Assert.False(InterpretersOfCi.IsCi, "gdb is missing although .ci/run installs it");
            Assert.Skip("gcore (gdb) is not on this machine");
        }
        var run = new ProcessStartInfo("/usr/bin/gcore", ["-o", _folder.At("gcore"), $"{_program.Pid}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var gcore = Process.Start(run)!;
        var said = gcore.StandardError.ReadToEndAsync();
        _ = gcore.StandardOutput.ReadToEnd();
        Assert.True(gcore.WaitForExit(Patience));
        var path = _folder.At($"gcore.{_program.Pid}");
        return File.Exists(path) ? path : throw new InvalidOperationException(said.Result);
    }

    /// <summary>Ends the program: the signal waits for SIGCONT and strikes before an instruction is run. Skips where cores go elsewhere.</summary>
    public string KernelCore()
    {
        var pattern = File.ReadAllText("/proc/sys/kernel/core_pattern").Trim();
        Assert.SkipWhen(pattern.StartsWith('|') || pattern.Contains('/'), $"the kernel puts cores elsewhere (core_pattern is {pattern})");
        Signal("ABRT");
        Signal("CONT");
        string? path = null;
        // The kernel writes the core before the program is a zombie or gone.
        Assert.True(SpinWait.SpinUntil(() => State is 'Z' or 'X', Patience));
        path = Directory.EnumerateFiles(_folder.Path).FirstOrDefault(file => Path.GetFileName(file) is var name && name != "truth" && !name.StartsWith("gcore", StringComparison.Ordinal));
        Assert.SkipWhen(path is null, "the kernel wrote no core (RLIMIT_CORE of a parent, perhaps)");
        return path!;
    }

    public static HeapWalkResult Walk(string path, DiagnosticBag trouble, string? root = null)
    {
        using var core = CoreFile.Open(path, root, Limits.Default, CancellationToken.None);
        using var copy = core.Copy;
        var runtime = RunningPython.Find(core, Limits.Default, CancellationToken.None);
        var layout = LayoutResolver.Resolve(copy.Memory, runtime.Build, Limits.Default, trouble).Layout;
        return HeapWalk.RunWithStatistics(
            copy.Memory, copy.Regions.Regions, runtime.Address, layout, runtime.Build.Version, Limits.Default, trouble, null, CancellationToken.None);
    }

    public void Dispose()
    {
        _program.Dispose();
        _folder.Dispose();
    }

    /// <summary>'X' when it is gone.</summary>
    private char State
    {
        get
        {
            try
            {
                var stat = File.ReadAllText($"/proc/{_program.Pid}/stat");
                return stat[stat.LastIndexOf(')') + 2];
            }
            catch (IOException)
            {
                return 'X';
            }
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_program.Pid}"]);
        kill.WaitForExit();
    }
}
