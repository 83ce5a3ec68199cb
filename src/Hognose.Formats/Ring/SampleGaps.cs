using System.Runtime.CompilerServices;

namespace Hognose.Formats.Ring;

/// <summary>
/// Where samples fall: points of a Poisson process over the bytes that are allocated, so that a block of s bytes has one with the probability
/// 1 − e^(−s/mean), whatever was allocated before it. Used by the agent, hence inlined and without calls.
/// </summary>
public static class SampleGaps
{
    private const double Ln2 = 0.693147180559945309417;
    private const double Sqrt2 = 1.41421356237309504880;
    private const int MantissaBits = 52;

    /// <summary>Bytes to the next point, exponentially distributed. <paramref name="state"/>: any number; SplitMix64 (Steele, Lea, Flood 2014).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Next(ref ulong state, double mean)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        // In (0, 1]: never the logarithm of 0.
        var uniform = (long)((mixed >> 11) + 1) * (1.0 / (1UL << 53));
        return -mean * NaturalLogarithm(uniform);
    }

    /// <summary>Of a normal number; exact to some 1e-13, by the series of the inverse hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double NaturalLogarithm(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var exponent = (int)(bits >> MantissaBits) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & ((1L << MantissaBits) - 1)) | (1023L << MantissaBits));
        if (mantissa > Sqrt2)
        {
            mantissa *= 0.5;
            exponent++;
        }
        var t = (mantissa - 1) / (mantissa + 1);
        var square = t * t;
        var series = 1 + (square * ((1.0 / 3) + (square * ((1.0 / 5) + (square * ((1.0 / 7) + (square * ((1.0 / 9) + (square * ((1.0 / 11) + (square * (1.0 / 13))))))))))));
        return (exponent * Ln2) + (2 * t * series);
    }
}
