using System.Diagnostics;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Freezing;

/// <summary>
/// A frozen child of the target, from its birth in an injected clone to its burial in an injected wait4. It shares the target's table of open
/// files (so that no pipe stays open because of it), sends no signal at its end, and never runs: let go by our death, it would end itself at once.
/// One instance lives on one OS thread, its tracer.
/// </summary>
internal sealed class ForkedChild(TargetProcess process, CallInstructions code, Mapping stack)
{
    private const ulong ShareFiles = 0x400;
    private const ulong WaitNoHang = 1;
    private const ulong WaitAllKinds = 0x40000000;
    private const int SignalKill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A main thread that is inside the kernel for longer (a vfork, a slow disk) keeps its zombie.</summary>
    private static readonly TimeSpan LongestBurial = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private long _idInNamespace;
    private bool _isSeized;

    /// <summary>A test's (<see cref="InjectedCall"/>).</summary>
    internal Func<CallStep, bool>? DiesAt { get; init; }

    /// <summary>As we number it; 0 for none.</summary>
    public int Id { get; private set; }

    /// <summary>By the main thread, which the caller stopped with all others.</summary>
    public bool TryBear()
    {
        var call = CallBy(DiesAt);
        var isDone = call.TryMake(InjectedCall.Clone, ShareFiles, InjectedCall.ChildStack, 0, 0);
        Id = call.Child;
        _idInNamespace = call.Result;
        // Seized by the kernel as it was born; it stops before its first instruction.
        return isDone && Id > 0 && PtraceCalls.TryWait(Id, Patience, out var status) && status.IsStopped
            && PtraceRegisters.TrySetOptions(Id, PtraceRegisters.OptionKillOnExit);
    }

    /// <summary>Ends the child and has the target take away what is left of it. False when that stays behind, as a zombie, until the target ends.</summary>
    public bool Bury()
    {
        if (Id <= 0)
            return true;
        _ = LibC.kill(Id, SignalKill);
        var start = Stopwatch.GetTimestamp();
        while (PtraceCalls.TryWait(Id, Patience, out var status) && status.IsStopped && Stopwatch.GetElapsedTime(start) < Patience)
        {
            // A stop that was under way when the signal came.
        }
        var isReaped = false;
        for (start = Stopwatch.GetTimestamp(); !isReaped && process.IsStillThere() && Stopwatch.GetElapsedTime(start) < LongestBurial; Thread.Sleep(1))
            isReaped = TryStop(out var signal) && TryReap(signal);
        return isReaped || !process.IsStillThere();
    }

    /// <summary>Only the main thread is stopped, for some tens of microseconds. One that is inside the kernel is waited for, not asked again.</summary>
    private bool TryStop(out int signal)
    {
        signal = 0;
        if (!_isSeized && (!code.IsStillThere(process.Memory) || PtraceCalls.Seize(process.Id) != 0))
            return false;
        if (!_isSeized && PtraceCalls.Interrupt(process.Id) != 0)
            return false;
        _isSeized = true;
        if (!PtraceCalls.TryWait(process.Id, Step, out var status) || !status.IsStopped)
            return false;
        signal = status.SignalUnderWay;
        return true;
    }

    private bool TryReap(int signal)
    {
        var call = CallBy(null);
        var isReaped = signal == 0
            && call.TryMake(InjectedCall.Wait4, (ulong)_idInNamespace, 0, WaitNoHang | WaitAllKinds, 0)
            && call.Result == _idInNamespace;
        _ = PtraceCalls.Detach(process.Id, signal);
        _isSeized = false;
        return isReaped;
    }

    private InjectedCall CallBy(Func<CallStep, bool>? diesAt) =>
        new(process.Id, process.Id, code, stack.Low.Value, stack.High.Value) { DiesAt = diesAt };
}
