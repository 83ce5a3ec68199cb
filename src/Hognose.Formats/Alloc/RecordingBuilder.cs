using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>What blocks have told so far; each kind may come in several blocks, in the order of the ids.</summary>
internal sealed class RecordingBuilder
{
    public RecordingFacts? Facts { get; set; }

    public StackColumns Stacks { get; } = new();

    public List<(int Stack, StackUsage Usage)> Usage { get; } = [];

    public List<(int Stack, StackVariance Variance)> Variances { get; } = [];

    public List<TimelinePoint> Timeline { get; } = [];

    public List<SurvivingType> SurvivingTypes { get; } = [];

    public List<SurvivorHolder> SurvivorHolders { get; } = [];

    public List<FamilyMember> Family { get; } = [];

    public List<CollectionGroup> Collections { get; } = [];

    public List<RecordingMark> Marks { get; } = [];

    public List<ThreadUsage> Threads { get; } = [];

    public List<SizeClass> Sizes { get; } = [];

    public List<DomainUsage> Domains { get; } = [];

    public List<AllocationRate> Rates { get; } = [];

    /// <summary>Blocks that lived; null: nobody wants them.</summary>
    public List<Survivor>? Live { get; init; }

    public RecordingSummary ToSummary()
    {
        var facts = Facts ?? throw new MalformedPayloadException("ends a recording without facts");
        if (Stacks.ParentStack.Count == 0)
            throw new MalformedPayloadException("ends a recording without stacks");
        RecordingTotals.Check(this);
        var usage = new StackUsage[Stacks.ParentStack.Count];
        foreach (var (stack, one) in Usage)
            usage[stack] = one;
        var variances = new StackVariance[facts.SampleBytes > 0 ? usage.Length : 0];
        foreach (var (stack, one) in variances.Length > 0 ? Variances : [])
            variances[stack] = one;
        return new RecordingSummary(facts, Stacks.ToTable(), usage, Timeline)
        {
            Variances = variances,
            SurvivingTypes = SurvivingTypes,
            SurvivorHolders = SurvivorHolders,
            Family = Family,
            Collections = Collections,
            Marks = Marks,
            Shape = new RecordingShape(Threads, Sizes, Domains, Rates),
        };
    }

    /// <summary>Of a file that has no end. The facts are there.</summary>
    public AllocContents ToPart(long wholeBytes)
    {
        return new AllocContents(Facts!, Stacks.ParentStack.Count == 0 ? new StackTable([], [0], [-1]) : Stacks.ToTable(), null, wholeBytes);
    }
}
