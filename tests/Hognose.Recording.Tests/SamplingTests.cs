using Hognose.Formats.Ring;
using Hognose.Recording.Replay;

namespace Hognose.Recording.Tests;

/// <summary>Estimates from samples against the truth, over some hundred programs made from fixed seeds.</summary>
public class SamplingTests
{
    private const long MeanBytes = 64 * 1024;
    private const int Programs = 300;

    [Fact]
    public void The_logarithm_is_that_of_the_library()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var number = 1 - random.NextDouble();
            Assert.Equal(Math.Log(number), SampleGaps.NaturalLogarithm(number), 1e-12 * Math.Max(1, -Math.Log(number)));
        }
        Assert.Equal(0, SampleGaps.NaturalLogarithm(1));
    }

    /// <summary>Of an exponential distribution the mean is the standard deviation, and e^(−k) lies beyond k means.</summary>
    [Fact]
    public void Gaps_are_distributed_exponentially()
    {
        const int Draws = 1_000_000;
        var state = 7UL;
        var sum = 0.0;
        var beyond = new int[4];
        for (var i = 0; i < Draws; i++)
        {
            var gap = SampleGaps.Next(ref state, MeanBytes);
            sum += gap;
            for (var k = 1; k < beyond.Length && gap > k * MeanBytes; k++)
                beyond[k]++;
        }
        // Five standard errors.
        Assert.InRange(sum / Draws / MeanBytes, 1 - (5 / Math.Sqrt(Draws)), 1 + (5 / Math.Sqrt(Draws)));
        for (var k = 1; k < beyond.Length; k++)
        {
            var expected = Math.Exp(-k);
            var error = 5 * Math.Sqrt(expected * (1 - expected) / Draws);
            Assert.InRange(beyond[k] / (double)Draws, expected - error, expected + error);
        }
    }

    [Fact]
    public void Estimates_are_unbiased_and_lie_within_their_error_in_95_of_100_runs()
    {
        var all = Enumerable.Range(1, Programs).Select(seed => new SampledProgram(seed, MeanBytes)).ToList();

        foreach (var (name, figure) in SampledProgram.Figures)
        {
            var figures = all.ConvertAll(program => figure(program));
            var within = figures.Count(each => Math.Abs(each.Estimate - each.Truth) <= 2 * Math.Sqrt(each.Variance));
            // Two standard errors of a normal distribution: 286 of 300, give or take three standard errors of that count (3.6 each).
            Assert.True(within is >= 275 and <= 297, $"{name}: {within} of {Programs} within the error");
            var bias = figures.Average(each => each.Estimate - each.Truth);
            var spread = Math.Sqrt(figures.Sum(each => each.Variance)) / Programs;
            Assert.True(Math.Abs(bias) <= 4 * spread, $"{name}: off by {bias} on average, {spread} is to be expected");
        }
    }

    [Fact]
    public void What_a_sample_adds_its_free_takes_away_and_a_failed_realloc_puts_back()
    {
        var ledger = new SampleLedger(new SampleWeights(MeanBytes), static _ => 0);
        var sizes = new Random(3).GetItems<ulong>([1, 40, 500, 70_000, 5_000_000], 1000);
        for (var i = 0; i < sizes.Length; i++)
            ledger.Apply([SampledProgram.Told(EventKind.Allocate, (ulong)(i + 1) * 16, sizes[i])], i);
        var held = ledger.HeapBytes;
        ledger.Apply([SampledProgram.Told(EventKind.Move, 160, 0)], 1000);
        Assert.NotEqual(held, ledger.HeapBytes);
        ledger.Apply([SampledProgram.Told(EventKind.MoveFailed, 160, 0)], 1000);
        Assert.Equal(held, ledger.HeapBytes);

        for (var i = 0; i < sizes.Length; i++)
            ledger.Apply([SampledProgram.Told(EventKind.Free, (ulong)(i + 1) * 16, 0)], 1001);
        var recording = SampledProgram.SummaryOf(ledger);
        Assert.Equal((0, 0, 0), (recording.Facts.EndBytes, recording.Facts.EndBlocks, recording.Facts.UnknownFrees));
        Assert.Equal((0.0, 0.0), (Math.Round(recording.Variances[0].EndBytes / recording.Variances[0].TotalBytes, 9), Math.Round(recording.Variances[0].EndBlocks / recording.Variances[0].TotalBlocks, 9)));
        Assert.Equal(recording.Facts.Allocations, recording.Facts.Frees);
        Assert.Equal(held, recording.Facts.PeakBytes);
    }
}
