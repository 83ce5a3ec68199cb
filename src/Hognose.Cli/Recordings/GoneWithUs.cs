using System.Runtime.InteropServices;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Recordings;

/// <summary>
/// A file that is not whole yet and is deleted when a signal ends us. Who keeps us from ending by that signal registers after this (the last that registered
/// is asked first) and cancels it; then the file stays. What our parent had us ignore stays ignored.
/// </summary>
internal sealed class GoneWithUs : IDisposable
{
    private readonly string _path;
    private readonly List<PosixSignalRegistration> _registrations = [];

    public GoneWithUs(string path)
    {
        _path = path;
        foreach (var (signal, number) in (ReadOnlySpan<(PosixSignal, int)>)[(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15)])
            if (!InheritedSignals.AtStart.IsIgnored(number))
                _registrations.Add(PosixSignalRegistration.Create(signal, Delete));
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Delete(PosixSignalContext context)
    {
        if (context.Cancel)
            return;
        try
        {
            File.Delete(_path);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // We end, and nobody is left to be told.
        }
    }
}
