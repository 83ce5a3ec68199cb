namespace Hognose.Targets.Launch;

/// <summary>
/// Signals as our parent left them to us: what it ignores (nohup, background jobs) and blocks, a program we launch must ignore and block too.
/// .NET changes some (SIGPIPE), so they are looked at as the first thing in <c>Main</c>.
/// </summary>
public sealed unsafe class InheritedSignals
{
    private const int Last = 64;

    /// <summary>SIGCANCEL and SIGSETXID are glibc's own: its sigaction and sigaddset refuse them, and posix_spawn leaves them ignored unless told otherwise.</summary>
    private const int FirstInternal = 32;
    private const int LastInternal = 33;
    private const int SetMask = 2;
    private static InheritedSignals? _atStart;

    private readonly bool[] _ignored = new bool[Last + 1];
    private readonly byte[] _mask = new byte[LaunchCalls.SignalSetBytes];

    private InheritedSignals()
    {
        for (var signal = 1; signal <= Last; signal++)
        {
            SignalAction action;
            var known = IsInternal(signal)
                ? LaunchCalls.syscall(LaunchCalls.SignalActionCall, signal, null, &action, LaunchCalls.KernelSignalSetBytes) == 0
                : LaunchCalls.sigaction(signal, null, &action) == 0;
            _ignored[signal] = known && action.Handler == LaunchCalls.SignalIgnore;
        }
        fixed (byte* mask = _mask)
            _ = LaunchCalls.pthread_sigmask(SetMask, null, mask);
    }

    /// <summary>As remembered at the start; looked at now when nobody did.</summary>
    public static InheritedSignals AtStart => _atStart ??= new InheritedSignals();

    public static void Remember() => _ = AtStart;

    public bool IsIgnored(int signal) => _ignored[signal];

    internal ReadOnlySpan<byte> Mask => _mask;

    /// <summary>Fills a signal set with all that are not inherited as ignored: they start with their default action.</summary>
    internal void FillDefaults(void* signals)
    {
        _ = LaunchCalls.sigemptyset(signals);
        for (var signal = 1; signal <= Last; signal++)
            if (!_ignored[signal] && !IsInternal(signal))
                _ = LaunchCalls.sigaddset(signals, signal);
        for (var signal = FirstInternal; signal <= LastInternal; signal++)
            if (!_ignored[signal])
                *(ulong*)signals |= 1UL << (signal - 1);
    }

    private static bool IsInternal(int signal) => signal is FirstInternal or LastInternal;
}
