using Hognose.Formats.Alloc;

namespace Hognose.Recording.Replay;

/// <summary>By stack the variances of what samples estimate; shares at the high-water mark are kept as <see cref="WindowTally"/> keeps those of bytes.</summary>
internal sealed class SampleErrors
{
    private struct Errors
    {
        public (double Bytes, double Blocks) Live;
        public (double Bytes, double Blocks) New;
        public (double Bytes, double Blocks) Peak;
        public (double Bytes, double Blocks) Total;
        public long PeakNumber;
    }

    private Errors[] _stacks = new Errors[1024];
    private (double Bytes, double Blocks)[]? _end;

    public void Allocated(int stack, (double Bytes, double Blocks) variance, long peakNumber)
    {
        ref var errors = ref Touch(stack, peakNumber);
        errors.Total = Sum(errors.Total, variance, 1);
    }

    /// <param name="stack">Whose block came or went.</param>
    /// <param name="variance">The block's.</param>
    /// <param name="sign">1 or −1.</param>
    /// <param name="isNew">It was allocated in the window.</param>
    /// <param name="peakNumber">Of the last high-water mark.</param>
    public void Changed(int stack, (double Bytes, double Blocks) variance, int sign, bool isNew, long peakNumber)
    {
        ref var errors = ref Touch(stack, peakNumber);
        errors.Live = Sum(errors.Live, variance, sign);
        if (isNew)
            errors.New = Sum(errors.New, variance, sign);
    }

    /// <summary>The end of the window.</summary>
    public void NoteEnd() => _end = Array.ConvertAll(_stacks, errors => errors.New);

    public StackVariance Of(int stack, long peakNumber)
    {
        if (stack >= _stacks.Length)
            return default;
        ref readonly var errors = ref _stacks[stack];
        var peak = errors.PeakNumber == peakNumber ? errors.Peak : errors.Live;
        var end = _end is null ? errors.New : stack < _end.Length ? _end[stack] : default;
        return new StackVariance
        {
            PeakBytes = peak.Bytes,
            PeakBlocks = peak.Blocks,
            EndBytes = end.Bytes,
            EndBlocks = end.Blocks,
            TotalBytes = errors.Total.Bytes,
            TotalBlocks = errors.Total.Blocks,
        };
    }

    // Sums of doubles that come and go leave crumbs, which may be negative.
    private static (double Bytes, double Blocks) Sum((double Bytes, double Blocks) to, (double Bytes, double Blocks) more, int sign) =>
        (Math.Max(0, to.Bytes + (sign * more.Bytes)), Math.Max(0, to.Blocks + (sign * more.Blocks)));

    private ref Errors Touch(int stack, long peakNumber)
    {
        if (stack >= _stacks.Length)
            Array.Resize(ref _stacks, Math.Max(stack + 1, _stacks.Length * 2));
        ref var errors = ref _stacks[stack];
        if (errors.PeakNumber != peakNumber)
            (errors.Peak, errors.PeakNumber) = (errors.Live, peakNumber);
        return ref errors;
    }
}
