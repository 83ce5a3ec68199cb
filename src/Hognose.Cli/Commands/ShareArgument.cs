using System.Globalization;
using Hognose.Diagnostics;

namespace Hognose.Cli.Commands;

/// <summary>A share as people write it: "5%", "0.5 %", or the bare number of percent.</summary>
internal static class ShareArgument
{
    /// <returns>0 to 1.</returns>
    public static double Parse(string text) => TryPercent(text, out var percent) && percent <= 100
        ? percent / 100
        : throw new CannotContinueException($"'{text}' is no share", "give percent, from 0 to 100: 1%, 0.5%");

    public static bool TryPercent(string text, out double percent) =>
        double.TryParse(text.TrimEnd('%').TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out percent) && double.IsFinite(percent);
}
