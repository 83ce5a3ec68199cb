using System.CommandLine;
using Hognose.Diagnostics;

namespace Hognose.Cli.Programs;

/// <summary>
/// Puts "--" before the program's part of a line, so that what looks like our options after the script belongs to the program, exactly as
/// with python itself. Without this, the parser would take an "-o" of the program for ours.
/// </summary>
internal static class ProgramApart
{
    /// <param name="args">Of the whole line; the verb comes first, or nothing is done.</param>
    /// <exception cref="CannotContinueException">An option that the verb doesn't know comes before the program.</exception>
    public static string[] Set(string[] args, Command verb)
    {
        if (args.Length == 0 || args[0] != verb.Name)
            return args;
        for (var i = 1; i < args.Length; i++)
        {
            if (args[i] == "--")
                return args;
            if (IsProgramStart(args[i]))
                return [.. args[..i], "--", .. args[i..]];
            if (OptionNamed(verb, args[i].Split('=')[0]) is not { } option)
                throw new CannotContinueException(ParseErrorText.Unmatched(args[i]), $"options of python come after --; see 'hognose {verb.Name} --help'");
            if (TakesValue(option) && !args[i].Contains('=', StringComparison.Ordinal))
                i++;
        }
        return args;
    }

    // "-" is the script on stdin. "-m" and "-c" may have their value attached, as with python ("-mpytest").
    private static bool IsProgramStart(string argument) =>
        argument.Length == 0 || argument == "-" || argument[0] != '-'
        || argument.StartsWith("-m", StringComparison.Ordinal) || argument.StartsWith("-c", StringComparison.Ordinal);

    private static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MinimumNumberOfValues > 0;

    private static Option? OptionNamed(Command verb, string name) =>
        verb.Options.Concat(verb.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
            .FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));
}
