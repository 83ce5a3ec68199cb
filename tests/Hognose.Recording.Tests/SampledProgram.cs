using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording.Replay;
using Hognose.Testing.Recordings;

namespace Hognose.Recording.Tests;

/// <summary>A figure of a program, its estimate from samples, and the variance that the recording states.</summary>
internal readonly record struct Estimated(double Truth, double Estimate, double Variance);

/// <summary>A program made from a seed: blocks of all sizes, half of which are freed; what a recording of samples makes of it.</summary>
internal sealed class SampledProgram
{
    private const int Blocks = 60_000;

    public static readonly (string Name, Func<SampledProgram, Estimated> Figure)[] Figures =
    [
        ("bytes ever", program => program._bytes),
        ("blocks ever", program => program._count),
        ("bytes at the end", program => program._held),
    ];

    private readonly Estimated _bytes;
    private readonly Estimated _count;
    private readonly Estimated _held;

    public SampledProgram(int seed, long meanBytes)
    {
        var random = new Random(seed);
        var ledger = new SampleLedger(new SampleWeights(meanBytes), static _ => 0);
        var state = (ulong)seed * 977;
        var left = SampleGaps.Next(ref state, meanBytes);
        long bytes = 0;
        long held = 0;
        for (var i = 1; i <= Blocks; i++)
        {
            // Powers from 64 bytes to twice the mean, so that some blocks are samples nearly always and most seldom.
            var size = (ulong)(64 * Math.Pow(2 * meanBytes / 64.0, Math.Pow(random.NextDouble(), 3)));
            var isFreed = random.Next(2) == 0;
            bytes += (long)size;
            held += isFreed ? 0 : (long)size;
            left -= size;
            if (left >= 0)
                continue;
            left = SampleGaps.Next(ref state, meanBytes);
            ledger.Apply([Told(EventKind.Allocate, (ulong)i * 16, size)], i);
            if (isFreed)
                ledger.Apply([Told(EventKind.Free, (ulong)i * 16, 0)], i);
        }
        var recording = SummaryOf(ledger);
        _bytes = new Estimated(bytes, recording.Facts.AllocatedBytes, recording.Variances[0].TotalBytes);
        _count = new Estimated(Blocks, recording.Facts.Allocations, recording.Variances[0].TotalBlocks);
        _held = new Estimated(held, recording.Facts.EndBytes, recording.Variances[0].EndBytes);
    }

    public static RecordingSummary SummaryOf(SampleLedger ledger) =>
        ledger.ToSummary(new RecordingSketch().Finish().Facts, new StackTable([], [0], [-1]));

    public static AllocationEvent Told(EventKind kind, ulong address, ulong size) => new()
    {
        Word0 = AllocationEvent.PackWord0(address, kind, AllocatorDomain.Object),
        Word1 = AllocationEvent.PackWord1(size, 1),
    };
}
