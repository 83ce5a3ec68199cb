using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>What sites left behind and who holds it: that of their stacks, added up.</summary>
internal sealed class SiteSurvivors
{
    private readonly Dictionary<int, List<SurvivingType>> _types = [];
    private readonly Dictionary<int, List<SurvivorHolder>> _holders = [];

    public SiteSurvivors(RecordingSummary recording, SitePlaces places, IReadOnlyCollection<int> wanted)
    {
        foreach (var byPlace in recording.SurvivingTypes.GroupBy(each => PlaceOf(each.Stack)).Where(each => wanted.Contains(each.Key)))
            _types[byPlace.Key] =
            [
                .. byPlace.GroupBy(each => each.Type)
                    .Select(type => new SurvivingType(type.First().Stack, type.Key, type.Sum(each => each.Blocks), type.Sum(each => each.Bytes)))
                    .OrderByDescending(each => each.Bytes).ThenBy(each => each.Type, StringComparer.Ordinal),
            ];
        foreach (var byPlace in recording.SurvivorHolders.GroupBy(each => PlaceOf(each.Stack)).Where(each => wanted.Contains(each.Key)))
            _holders[byPlace.Key] =
            [
                .. byPlace.GroupBy(each => each.HeldBy)
                    .Select(way => new SurvivorHolder(way.First().Stack, way.Key, way.Sum(each => each.Objects), way.Sum(each => each.Bytes)))
                    .OrderByDescending(each => each.Bytes).ThenBy(each => each.HeldBy, StringComparer.Ordinal),
            ];

        int PlaceOf(int stack) =>
            recording.Stacks.OfPython(stack) is var asking && asking == 0 ? SiteRanker.NoFrame : places.Of(recording.Stacks.InnermostFrame[asking]);
    }

    public IReadOnlyList<SurvivingType> TypesAt(int place) => _types.GetValueOrDefault(place) ?? [];

    public IReadOnlyList<SurvivorHolder> HoldersAt(int place) => _holders.GetValueOrDefault(place) ?? [];
}
