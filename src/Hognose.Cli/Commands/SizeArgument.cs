using System.Globalization;
using Hognose.Diagnostics;

namespace Hognose.Cli.Commands;

/// <summary>A size as people write it: bytes, or with k, M or G for 1024, 1024² or 1024³ of them.</summary>
internal static class SizeArgument
{
    /// <returns>Bytes; 0 where none is given.</returns>
    public static long Parse(string? text)
    {
        if (text is null)
            return 0;
        var digits = text.TrimEnd('b', 'B').TrimEnd('i');
        var shift = digits.Length == 0 ? 0 : char.ToLowerInvariant(digits[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        var style = shift == 0 ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(shift == 0 ? digits : digits[..^1], style, CultureInfo.InvariantCulture, out var value) && value <= long.MaxValue >> shift
            ? (long)(value * (1L << shift))
            : throw new CannotContinueException($"'{text}' is no size", "give bytes, or a number with k, M or G: 512, 10k, 1.5M");
    }
}
