using Hognose.Formats.Mprof;

namespace Hognose.Insights.Profiles;

/// <summary>What was the most memory that was sampled, of a program, a child, or while a function ran?</summary>
public static class ProfilePeak
{
    private const double RoundedOff = 0.00005;

    public static MemorySample Of(IReadOnlyList<MemorySample> samples) => samples.MaxBy(sample => sample.MebiBytes);

    /// <summary>As <see cref="Of"/>, but of a <see cref="Curve"/>: ends of calls are rounded to four decimals, and must not look higher than the sample before them.</summary>
    public static MemorySample OfCurve(IReadOnlyList<MemorySample> curve)
    {
        var most = Of(curve).MebiBytes;
        return curve.First(sample => sample.MebiBytes >= most - RoundedOff);
    }

    /// <param name="function">Its full name, "module.name".</param>
    /// <returns>null when the file doesn't know the function, or when no sample fell into a call of it.</returns>
    public static MemorySample? During(MprofProfile profile, string function)
    {
        var calls = profile.Calls.Where(call => call.Function == function).ToList();
        var inside = profile.Samples.Where(sample => calls.Exists(call => call.Start.Time <= sample.Time && sample.Time <= call.End.Time)).ToList();
        return inside.Count == 0 ? null : Of(inside);
    }

    /// <summary>Samples and the ends of calls, which carry memory too, in the order of time: the line that mprof draws.</summary>
    public static IReadOnlyList<MemorySample> Curve(MprofProfile profile) =>
        [.. profile.Samples.Concat(profile.Calls.SelectMany(call => (MemorySample[])[call.Start, call.End])).OrderBy(sample => sample.Time)];
}
