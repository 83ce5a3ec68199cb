using System.CommandLine;
using System.Globalization;
using Hognose.Diagnostics;

namespace Hognose.Cli.Commands.Mprof;

/// <summary>Spellings of Python's argparse that System.CommandLine has not: "-T0.5", "-CM", "rm -1", and where a program's own words begin.</summary>
internal static class MprofArguments
{
    public static IReadOnlyList<string> Normalize(MprofVerb verb, string[] words)
    {
        var normal = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            if (word == "--")
                return [.. normal, .. words[i..]];
            if (IsOption(word))
            {
                AddOption(verb, word, normal);
                // The value of an option may look like anything ("--window -1,2").
                if (i + 1 < words.Length && normal[^1][0] == '-' && Find(verb, normal[^1]) is { } option && TakesValue(option))
                    normal.Add(words[++i]);
            }
            else if (verb.EndsWithProgram || IsNegativeNumber(word))
            {
                return [.. normal, "--", .. words[i..]];
            }
            else
            {
                normal.Add(word);
            }
        }
        return normal;
    }

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !IsNegativeNumber(word);

    private static bool IsNegativeNumber(string word) => word.Length > 1 && word[0] == '-' && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private static void AddOption(MprofVerb verb, string word, List<string> normal)
    {
        var name = word.Split('=')[0];
        if (Find(verb, name) is not null)
        {
            normal.Add(word);
            return;
        }
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            normal.Add(Abbreviated(verb, name) + word[name.Length..]);
            return;
        }
        AddShortOptions(verb, word, normal);
    }

    // argparse takes any beginning of a long option that only one has.
    private static string Abbreviated(MprofVerb verb, string name) =>
        Options(verb).Select(option => option.Name).Where(each => each.StartsWith(name, StringComparison.Ordinal)).ToList() switch
        {
            [var only] => only,
            [] => throw new CannotContinueException(ParseErrorText.Unmatched(name), $"see 'hognose mprof {verb.Name} --help'"),
            var several => throw new CannotContinueException($"'{name}' may be {string.Join(" or ", several)}", "write it out"),
        };

    private static void AddShortOptions(MprofVerb verb, string word, List<string> normal)
    {
        for (var at = 1; at < word.Length; at++)
        {
            var option = Find(verb, string.Create(CultureInfo.InvariantCulture, $"-{word[at]}"))
                ?? throw new CannotContinueException(ParseErrorText.Unmatched(word), $"see 'hognose mprof {verb.Name} --help'");
            normal.Add(option.Name);
            if (!TakesValue(option) || at + 1 == word.Length)
                continue;
            normal[^1] += "=" + word[(at + 1)..].TrimStart('=');
            return;
        }
    }

    private static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;

    private static Option? Find(MprofVerb verb, string name) =>
        Options(verb).FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    private static IEnumerable<Option> Options(MprofVerb verb) =>
        verb.Options.Concat(verb.Parents.OfType<Command>().SelectMany(group => group.Parents.OfType<Command>()).SelectMany(root => root.Options.Where(option => option.Recursive)));
}
