using Hognose.Cli.Heaps;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Targets.Copying;

namespace Hognose.Cli.Running;

/// <summary>The memory of a program that is held before CPython takes it down: copied while it stands, searched when it has ended.</summary>
internal sealed class HeapAtEnd : IDisposable
{
    private readonly DiagnosticBag _trouble;
    private readonly PythonRuntime _python;
    private readonly Func<HeapFacts> _facts;
    private MemoryCopy? _copy;

    private HeapAtEnd(MemoryCopy copy, PythonRuntime python, Func<HeapFacts> facts, DiagnosticBag trouble) =>
        (_copy, _python, _facts, _trouble) = (copy, python, facts, trouble);

    /// <exception cref="CannotContinueException">It can't be read, or memory for the copy is short.</exception>
    public static HeapAtEnd Copy(int processId)
    {
        var trouble = new DiagnosticBag();
        var (copy, python, facts) = HeapOfProcess.Copy(processId, CopyWay.Copy, Limits.Default, trouble, CancellationToken.None, mayShutDown: true);
        return new HeapAtEnd(copy, python, facts, trouble);
    }

    /// <summary>Once; the reading owns the copy from then on.</summary>
    public HeapReading Read()
    {
        var copy = _copy ?? throw new InvalidOperationException("the copy was given away");
        _copy = null;
        return HeapReading.OfCopy(copy, _python, _facts, within: null, Limits.Default, _trouble, CancellationToken.None);
    }

    public void Dispose() => _copy?.Dispose();
}
