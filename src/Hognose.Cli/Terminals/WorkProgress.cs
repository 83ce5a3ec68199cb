using System.Diagnostics;
using System.Globalization;

namespace Hognose.Cli;

/// <summary>
/// One line on the terminal that says what long work is at, how far, where that is known, and since when, once it lasts; it goes away before anything else is written. Nothing where standard
/// error is no terminal.
/// </summary>
public sealed class WorkProgress : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Next = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly TextWriter _error;
    private readonly Timer? _timer;
    private readonly long _start = Stopwatch.GetTimestamp();
    private string _step = "";
    private double _part = double.NaN;
    private bool _isShown;
    private bool _isOver;

    /// <param name="error">Standard error.</param>
    /// <param name="isTerminal">Of it.</param>
    public WorkProgress(TextWriter error, bool isTerminal)
    {
        _error = error;
        _timer = isTerminal ? new Timer(_ => Show(), null, First, Next) : null;
    }

    /// <param name="step">In the -ing form.</param>
    public void Step(string step)
    {
        lock (_lock)
            (_step, _part) = (step, double.NaN);
    }

    /// <param name="part">Of the step, from 0 to 1.</param>
    public void Part(double part) => Volatile.Write(ref _part, part);

    /// <summary>Nothing is shown any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isShown)
                _error.Write("\r\u001b[K");
            (_isShown, _isOver) = (false, true);
        }
        _timer?.Dispose();
    }

    private void Show()
    {
        lock (_lock)
        {
            if (_isOver || _step.Length == 0)
                return;
            _isShown = true;
            var part = Volatile.Read(ref _part);
            var done = double.IsNaN(part) ? "" : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Math.Clamp(part, 0, 1) * 100):0} %, ");
            _error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{_step}: {done}{Stopwatch.GetElapsedTime(_start).TotalSeconds:0} s\u001b[K"));
        }
    }
}
