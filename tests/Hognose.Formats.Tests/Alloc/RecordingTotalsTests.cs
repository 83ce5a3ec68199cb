using Hognose.Diagnostics;
using Hognose.Formats.Alloc;

namespace Hognose.Formats.Tests.Alloc;

/// <summary>Numbers of a kind that add up to more than 64 bits hold: whoever adds them up would get none of it right.</summary>
public class RecordingTotalsTests
{
    private const long Half = 1L << 62;

    private static readonly Dictionary<string, Func<RecordingSummary, RecordingSummary>> Forgeries = new()
    {
        ["usage"] = recording => recording with { Usage = [new StackUsage { EndBytes = Half, TotalBytes = Half }, .. recording.Usage[1..]] },
        ["types of survivors"] = recording => recording with { SurvivingTypes = [new SurvivingType(1, "a", 1, Half), new SurvivingType(1, "b", 1, Half)] },
        ["holders of survivors"] = recording => recording with { SurvivorHolders = [new SurvivorHolder(1, "a", Half, 1), new SurvivorHolder(1, "b", Half, 1)] },
        ["threads"] = recording => recording with { Shape = recording.Shape with { Threads = [new ThreadUsage(0, 0, "", 1, Half, 0), new ThreadUsage(1, 0, "", 1, Half, 0)] } },
        ["what threads keep"] = recording => recording with { Shape = recording.Shape with { Threads = [new ThreadUsage(0, 0, "", 1, 1, Half), new ThreadUsage(1, 0, "", 1, 1, Half)] } },
        ["sizes"] = recording => recording with { Shape = recording.Shape with { Sizes = [new SizeClass(1, 1, Half), new SizeClass(2, 1, Half)] } },
        ["allocators"] = recording => recording with { Shape = recording.Shape with { Domains = [new DomainUsage(0, Half, 1), new DomainUsage(1, Half, 1)] } },
        ["rates"] = recording => recording with { Shape = recording.Shape with { Rates = [new AllocationRate(1, Half), new AllocationRate(1, Half)] } },
        ["collections"] = recording => recording with { Collections = [new CollectionGroup(1, 0, 1, Half, 0, 1, true), new CollectionGroup(2, 0, 1, Half, 0, 1, true)] },
        ["variances"] = recording => recording with { Variances = [new StackVariance { PeakBytes = double.MaxValue, EndBytes = double.MaxValue }, .. new StackVariance[recording.Usage.Length - 1]] },
    };

    public static TheoryData<string> Kinds => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Numbers_that_add_up_to_more_than_there_can_be_are_refused(string kind)
    {
        var trouble = Assert.Throws<CannotContinueException>(() => Recordings.Decode(Recordings.Encode(Forgeries[kind](Recordings.Small()))));
        Assert.EndsWith("than there can be", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_that_lived_are_added_up_too()
    {
        using var file = new MemoryStream();
        AllocWriter.Write(file, Recordings.Small(), [new Survivor(0x1000, 1, Half, 0), new Survivor(0x2000, 1, Half, 0)]);
        file.Position = 0;
        Assert.EndsWith("than there can be", Assert.Throws<CannotContinueException>(() => AllocReader.ReadLive(file, "it.alloc")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_number_that_there_can_be_is_read()
    {
        var recording = Recordings.Small() with { SurvivingTypes = [new SurvivingType(1, "a", 0, long.MaxValue)] };
        Assert.Equal(long.MaxValue, Assert.Single(Recordings.Decode(Recordings.Encode(recording)).SurvivingTypes).Bytes);
    }
}
