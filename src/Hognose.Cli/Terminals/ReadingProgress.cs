using System.Diagnostics;
using System.Globalization;

namespace Hognose.Cli;

/// <summary>One line on the terminal that says how far a long file is read; it goes away at the end. Nothing where standard error is no terminal.</summary>
internal sealed class ReadingProgress(Terminal terminal, string file) : IDisposable
{
    private const int FirstMilliseconds = 700;
    private const int NextMilliseconds = 100;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _next = FirstMilliseconds;
    private bool _shown;

    public void Show(double part)
    {
        if (!terminal.ErrorIsTerminal || _clock.ElapsedMilliseconds < _next)
            return;
        _next = _clock.ElapsedMilliseconds + NextMilliseconds;
        _shown = true;
        terminal.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\rreading {Path.GetFileName(file)}: {Math.Min(part, 1) * 100:0} %\u001b[K"));
    }

    public void Dispose()
    {
        if (_shown)
            terminal.Error.Write("\r\u001b[K");
    }
}
