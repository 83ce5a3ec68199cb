namespace Hognose.Targets.Launch;

/// <summary>
/// Signals as our parent left them to us: what it ignores (nohup, background jobs) and blocks, a program we launch must ignore and block too.
/// .NET changes some (SIGPIPE), so they are looked at as the first thing in <c>Main</c>.
/// </summary>
public sealed unsafe class InheritedSignals
{
    private const int Last = 64;
    private const int SetMask = 2;
    private static InheritedSignals? _atStart;

    private readonly bool[] _ignored = new bool[Last + 1];
    private readonly byte[] _mask = new byte[LaunchCalls.SignalSetBytes];

    private InheritedSignals()
    {
        for (var signal = 1; signal <= Last; signal++)
        {
            SignalAction action;
            if (LaunchCalls.sigaction(signal, null, &action) == 0)
                _ignored[signal] = action.Handler == LaunchCalls.SignalIgnore;
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
            if (!_ignored[signal])
                _ = LaunchCalls.sigaddset(signals, signal);
    }
}
