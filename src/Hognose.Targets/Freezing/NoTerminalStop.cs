using Hognose.Targets.Native;

namespace Hognose.Targets.Freezing;

/// <summary>Ignores Ctrl-Z while a target stands still: stopped ourselves, we would keep it stopped until someone types "fg".</summary>
internal sealed unsafe class NoTerminalStop : IDisposable
{
    private const int SignalTerminalStop = 20;
    private const nint Ignored = 1;
    private const int ActionSize = 152;

    private readonly byte[] _previous = new byte[ActionSize];
    private readonly bool _isSet;

    public NoTerminalStop()
    {
        fixed (byte* previous = _previous)
            _isSet = LibC.sigaction(SignalTerminalStop, null, previous) == 0 && LibC.signal(SignalTerminalStop, Ignored) != -1;
    }

    public void Dispose()
    {
        if (!_isSet)
            return;
        fixed (byte* previous = _previous)
            _ = LibC.sigaction(SignalTerminalStop, previous, null);
    }
}
