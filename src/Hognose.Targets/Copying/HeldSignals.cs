using System.Runtime.InteropServices;
using Hognose.Targets.Launch;

namespace Hognose.Targets.Copying;

/// <summary>
/// While a frozen child of the target is there, Ctrl-C and other requests to end cancel our work instead of ending us, so that the child is taken away
/// first. What our parent had us ignore stays ignored.
/// </summary>
internal sealed class HeldSignals : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly List<PosixSignalRegistration> _registrations = [];

    public HeldSignals(CancellationToken cancellation)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        foreach (var (signal, number) in (ReadOnlySpan<(PosixSignal, int)>)[(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15)])
            if (!InheritedSignals.AtStart.IsIgnored(number))
                _registrations.Add(PosixSignalRegistration.Create(signal, Note));
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Note(PosixSignalContext context)
    {
        context.Cancel = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It came as the work ended: the answer is about to be printed.
        }
    }
}
