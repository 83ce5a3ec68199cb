using System.Globalization;
using Hognose.Diagnostics;

namespace Hognose.Cli.Commands;

/// <summary>A moment of a recording as people write it: seconds since it began, or with ms, s, m or h.</summary>
internal static class MomentArgument
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)];

    /// <returns>Nanoseconds; null where none is given.</returns>
    /// <exception cref="CannotContinueException">It is no moment.</exception>
    public static long? Parse(string option, string? text)
    {
        if (text is null)
            return null;
        var (unit, factor) = Array.Find(Units, one => text.EndsWith(one.Unit, StringComparison.Ordinal));
        var number = unit is null ? text : text[..^unit.Length];
        const double most = 1e9; // Seconds: 30 years.
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * (unit is null ? 1 : factor) <= most
            ? (long)(value * (unit is null ? 1 : factor) * 1e9)
            : throw new CannotContinueException($"'{text}' is no moment for {option}", "give seconds since the recording began, or a number with ms, s, m or h: 12.5, 300ms, 2m");
    }
}
