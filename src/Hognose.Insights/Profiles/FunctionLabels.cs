namespace Hognose.Insights.Profiles;

/// <summary>Which short name tells each function from the others? "load" where there is one, "rows.load" and "files.load" where there are two.</summary>
public static class FunctionLabels
{
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<string> dottedNames)
    {
        var labels = dottedNames.Distinct().ToDictionary(name => name, name => Last(name, 1));
        for (var parts = 2; ; parts++)
        {
            var ambiguous = labels.GroupBy(each => each.Value).Where(group => group.Count() > 1).SelectMany(group => group).Select(each => each.Key).ToList();
            // Names that stay alike when written out (".a" and "a") are alike.
            var longer = ambiguous.Where(name => Last(name, parts) != labels[name]).ToList();
            if (longer.Count == 0)
                return labels;
            foreach (var name in longer)
                labels[name] = Last(name, parts);
        }
    }

    private static string Last(string name, int parts) => string.Join('.', name.Split('.')[^Math.Min(parts, name.Split('.').Length)..]);
}
