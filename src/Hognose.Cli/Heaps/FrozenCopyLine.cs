using System.Globalization;

namespace Hognose.Cli.Heaps;

/// <summary>What a program says of the frozen copy that it made of itself: "PID NANOSECONDS", the second that it stood still for.</summary>
internal static class FrozenCopyLine
{
    public static bool TryParse(string? line, out int copyId, out TimeSpan pause)
    {
        (copyId, pause) = (0, default);
        var words = (line ?? "").Split(' ');
        if (words.Length != 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out copyId)
            || !long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds))
            return false;
        pause = TimeSpan.FromMicroseconds(nanoseconds / 1000.0);
        return true;
    }
}
