namespace Hognose.Insights.Holding;

/// <summary>
/// Ways that are told as one, step by step: what all have in common is said as it is, a step in which they differ says so, and so does a chain that is longer
/// in one than in another (<c>.next(×0…n)</c>).
/// </summary>
internal static class MergedSteps
{
    /// <summary>So many different names of one step are told.</summary>
    private const int MostNames = 3;

    public static List<string> Of(IReadOnlyList<List<WayStep>> ways)
    {
        var shortest = ways.Min(way => way.Count);
        if (ways.All(way => way.Count == shortest))
            return [.. Enumerable.Range(0, shortest).Select(i => One(ways.Select(way => way[i])))];
        var before = Common(ways, shortest, (way, i) => way[i]);
        var after = Common(ways, shortest - before, (way, i) => way[^(i + 1)]);
        return
        [
            .. Enumerable.Range(0, before).Select(i => One(ways.Select(way => way[i]))),
            One(ways.SelectMany(way => way[before..^after])) + (shortest == before + after ? "(×0…n)" : "(×n)"),
            .. Enumerable.Range(0, after).Reverse().Select(i => One(ways.Select(way => way[^(i + 1)]))),
        ];
    }

    /// <summary>The one text of steps that stand at the same place of several ways.</summary>
    public static string One(IEnumerable<WayStep> steps)
    {
        List<WayStep> all = [.. steps.Distinct()];
        if (all.Count == 1)
            return all[0].Text;
        List<string> alike = [.. all.Select(step => step.Alike).Distinct().Order(StringComparer.Ordinal)];
        if (alike.Count == 1)
            return alike[0];
        var areAttributes = alike.TrueForAll(text => text.StartsWith('.'));
        return alike.Count > MostNames ? areAttributes ? ".*" : " → …" : $"{(areAttributes ? "" : " ")}({string.Join(", ", alike.Select(text => text.Trim()))})";
    }

    private static int Common(IReadOnlyList<List<WayStep>> ways, int most, Func<List<WayStep>, int, WayStep> at)
    {
        var common = 0;
        while (common < most && ways.All(way => at(way, common).Alike == at(ways[0], common).Alike))
            common++;
        return common;
    }
}
