using System.Text;

namespace Hognose.Targets.Symbols.Rust;

/// <summary>Text of any letters from ASCII (RFC 3492). Rust's symbols have an underscore where the standard has a hyphen.</summary>
internal static class Punycode
{
    // RFC 3492, 5.
    private const int Base = 36;
    private const int LeastThreshold = 1;
    private const int MostThreshold = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int FirstBias = 72;
    private const int FirstCode = 0x80;

    /// <summary>null: it is no such text.</summary>
    public static string? Decode(string encoded)
    {
        var delimiter = encoded.LastIndexOf('_');
        var letters = new List<Rune>();
        foreach (var letter in encoded.AsSpan(0, Math.Max(delimiter, 0)))
            letters.Add(new Rune(letter));
        var (code, place, bias) = ((long)FirstCode, 0L, FirstBias);
        for (var at = delimiter + 1; at < encoded.Length;)
        {
            var before = place;
            long weight = 1;
            for (var step = Base; ; step += Base)
            {
                var digit = at < encoded.Length ? DigitOf(encoded[at++]) : -1;
                if (digit < 0 || weight > int.MaxValue || (place += digit * weight) > int.MaxValue)
                    return null;
                var threshold = Math.Clamp(step - bias, LeastThreshold, MostThreshold);
                if (digit < threshold)
                    break;
                weight *= Base - threshold;
            }
            bias = Adapted(place - before, letters.Count + 1, isFirst: before == 0);
            code += place / (letters.Count + 1);
            place %= letters.Count + 1;
            if (!(code <= int.MaxValue && Rune.IsValid((int)code)))
                return null;
            letters.Insert((int)place++, new Rune((int)code));
        }
        return string.Concat(letters);
    }

    private static int DigitOf(char letter) => letter switch
    {
        >= 'a' and <= 'z' => letter - 'a',
        >= '0' and <= '9' => letter - '0' + 26,
        _ => -1,
    };

    /// <summary>RFC 3492, 6.1.</summary>
    private static int Adapted(long distance, int letters, bool isFirst)
    {
        distance /= isFirst ? Damp : 2;
        distance += distance / letters;
        var steps = 0;
        for (; distance > (Base - LeastThreshold) * MostThreshold / 2; steps += Base)
            distance /= Base - LeastThreshold;
        return steps + (int)((Base - LeastThreshold + 1) * distance / (distance + Skew));
    }
}
