using Hognose.Targets.Native;

namespace Hognose.Targets.Freezing;

/// <summary>
/// Ignores Ctrl-Z while a target stands still: stopped ourselves, we would keep it stopped until someone types "fg". The disposition belongs to the
/// whole process, so the first of several that overlap saves it and the last one restores it.
/// </summary>
internal sealed unsafe class NoTerminalStop : IDisposable
{
    private const int SignalTerminalStop = 20;
    private const nint Ignored = 1;
    private const int ActionSize = 152;

    private static readonly Lock Overlap = new();
    private static readonly byte[] Previous = new byte[ActionSize];
    private static bool s_isSet;
    private static int s_holders;

    public NoTerminalStop()
    {
        lock (Overlap)
            if (s_holders++ == 0)
                fixed (byte* previous = Previous)
                    s_isSet = LibC.sigaction(SignalTerminalStop, null, previous) == 0 && LibC.signal(SignalTerminalStop, Ignored) != -1;
    }

    /// <summary>Does what stops us, but not while a target stands still for us, which then would for as long as we do. None begins to meanwhile.</summary>
    public static void UnlessInForce(Action stop)
    {
        lock (Overlap)
            if (s_holders == 0)
                stop();
    }

    public void Dispose()
    {
        lock (Overlap)
            if (--s_holders == 0 && s_isSet)
                fixed (byte* previous = Previous)
                    _ = LibC.sigaction(SignalTerminalStop, previous, null);
    }
}
