using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hognose.Targets.Launch;

/// <summary>
/// While a program runs, signals are its business: what the terminal sends to the group (Ctrl-C, Ctrl-\) reaches it by itself and is ignored
/// here, what somebody sends to us alone is passed on. What our parent had us ignore stays ignored.
/// </summary>
public sealed class SignalForwarding : IDisposable
{
    private const int Interrupt = 2;
    private const int Quit = 3;

    /// <summary>Whoever ended the program meant it: a second Ctrl-C in one go, or a signal that reached us after it, takes nobody's report away.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(1);

    /// <summary>SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM.</summary>
    private static readonly int[] Forwarded = [1, 10, 12, 14, 15];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Lock _lock = new();
    private readonly List<int> _early = [];
    private LaunchedProgram? _program;
    private long _ended;

    public SignalForwarding()
    {
        _ = LaunchCalls.signal(Interrupt, LaunchCalls.SignalIgnore);
        _ = LaunchCalls.signal(Quit, LaunchCalls.SignalIgnore);
        foreach (var signal in Forwarded)
            if (!InheritedSignals.AtStart.IsIgnored(signal))
                _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, Forward));
    }

    /// <summary>From now on there is somebody to pass signals to; those that came before are passed on now.</summary>
    public void Begin(LaunchedProgram program)
    {
        lock (_lock)
        {
            _program = program;
            foreach (var signal in _early)
                program.Send(signal);
            _early.Clear();
        }
    }

    /// <summary>The program is gone, and its number may be another's soon: from now on signals are ours, and end us.</summary>
    public void End()
    {
        lock (_lock)
        {
            _program = null;
            _ended = Stopwatch.GetTimestamp();
        }
        foreach (var (signal, number) in (ReadOnlySpan<(PosixSignal, int)>)[(PosixSignal.SIGINT, Interrupt), (PosixSignal.SIGQUIT, Quit)])
            if (!InheritedSignals.AtStart.IsIgnored(number))
            {
                _ = LaunchCalls.signal(number, LaunchCalls.SignalDefault);
                _registrations.Add(PosixSignalRegistration.Create(signal, Forward));
            }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Forward(PosixSignalContext context)
    {
        var signal = (int)context.Signal;
        lock (_lock)
        {
            context.Cancel = _ended == 0 || Stopwatch.GetElapsedTime(_ended) < Aftermath;
            if (_ended > 0)
                return;
            if (_program is { } program)
                program.Send(signal < 0 ? NumberOf(context.Signal) : signal);
            else
                _early.Add(signal < 0 ? NumberOf(context.Signal) : signal);
        }
    }

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGTERM => 15,
        _ => 0,
    };
}
