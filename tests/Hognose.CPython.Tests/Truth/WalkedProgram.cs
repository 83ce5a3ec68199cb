using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Runtime;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>A live program's heap as we read it, beside what the program says of it.</summary>
internal sealed record WalkedProgram(HeapWalkResult Walk, RefcountAudit Audit, TruthFile Truth, DiagnosticBag Trouble)
{
    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Programs", name);

    /// <summary>Starts every_kind.py, freezes it when it is ready, walks the copy.</summary>
    public static WalkedProgram Start(
        Interpreter python, IReadOnlyDictionary<string, string?>? environment = null, params IEnumerable<string> variants)
    {
        var path = Path.GetTempFileName();
        try
        {
            using var program = TargetProgram.Start(python.Executable, [Script("every_kind.py"), path, .. variants], environment);
            var trouble = new DiagnosticBag();
            var (walk, audit) = WalkLive(program.Pid, trouble);
            return new WalkedProgram(walk, audit, TruthFile.Read(path), trouble);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Freezes a program, copies and walks it.</summary>
    public static (HeapWalkResult Walk, RefcountAudit Audit) WalkLive(int processId, DiagnosticBag trouble)
    {
        var process = TargetProcess.Open(processId);
        var runtime = RunningPython.Find(process, Limits.Default, CancellationToken.None);
        using var copy = MemoryCopier.Copy(process, new CopyOptions(), CancellationToken.None);
        var layout = LayoutResolver.Resolve(copy.Memory, runtime.Build, Limits.Default, trouble).Layout;
        var walk = HeapWalk.RunWithStatistics(
            copy.Memory, copy.Regions.Regions, runtime.Address, layout, runtime.Build.Version, Limits.Default, trouble, null,
            CancellationToken.None);
        return (walk, RefcountAudit.Of(copy.Memory, walk, layout, runtime.Build.Version));
    }
}
