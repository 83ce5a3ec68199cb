using System.Runtime.InteropServices;

namespace Hognose.Cli;

/// <summary>How to draw on one descriptor.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Unicode">false: only ASCII of our own making (names of the program stay as they are).</param>
public readonly record struct TerminalStyle(bool IsTerminal, bool Colours, bool Unicode, int Width)
{
    private const int WidthOfFiles = 100;
    private const int NarrowestWidth = 60;
    private const int WidestWidth = 160; // Wider tables tear the name from its bytes.
    private const ulong GetWindowSize = 0x5413; // TIOCGWINSZ, asm-generic/ioctls.h

    /// <summary>Plain text of 100 columns: what a file or a pipe gets.</summary>
    public static TerminalStyle Plain { get; } = new(IsTerminal: false, Colours: false, Unicode: false, WidthOfFiles);

    public static TerminalStyle OfDescriptor(int descriptor)
    {
        var size = default(WindowSize);
        if (Ioctl(descriptor, GetWindowSize, ref size) != 0)
            return Plain;
        var dumb = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        var colours = !dumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")); // no-color.org
        return new TerminalStyle(IsTerminal: true, colours, Unicode: !dumb && LocaleIsUtf8(), Math.Clamp(size.Columns == 0 ? 80 : size.Columns, NarrowestWidth, WidestWidth));
    }

    // A missing or "C" locale counts as UTF-8, as it does for Python (PEP 540): containers seldom set one.
    private static bool LocaleIsUtf8()
    {
        var locale = FirstSet("LC_ALL", "LC_CTYPE", "LANG");
        return locale is "" or "C" or "POSIX" || locale.Contains("utf", StringComparison.OrdinalIgnoreCase);
    }

    private static string FirstSet(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                return value;
        return "";
    }

    [DllImport("libc", EntryPoint = "ioctl")]
    private static extern int Ioctl(int descriptor, ulong request, ref WindowSize size);

    /// <summary>struct winsize of asm-generic/termios.h.</summary>
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort WidthPixels;
        public ushort HeightPixels;
    }
}
