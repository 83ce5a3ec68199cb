using System.CommandLine;
using System.CommandLine.Parsing;
using Hognose.Cli.Commands;

namespace Hognose.Cli;

/// <summary>What is wrong with the arguments, in words that name the option and the value.</summary>
internal static class ParseErrorText
{
    public static string Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command is HognoseCommand)
            return $"no command '{(parsed.UnmatchedTokens is [var first, ..] ? first : "")}' (there are: {string.Join(", ", command.Subcommands.Select(one => one.Name))})";
        if (parsed.UnmatchedTokens.Count > 0)
            return Unmatched(parsed.UnmatchedTokens[0]);
        var error = parsed.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult { Tokens.Count: 0 } option => $"option '{option.Option.Name}' needs a value",
            OptionResult option => NotAValue(option.Option, option.Tokens[^1].Value),
            ArgumentResult { Parent: OptionResult option, Tokens.Count: > 0 } value => NotAValue(option.Option, value.Tokens[^1].Value),
            ArgumentResult or CommandResult => $"'{command.Name}' needs {Needed(command)}",
            _ => error.Message,
        };
    }

    /// <summary>"a FILE", "BEFORE and AFTER".</summary>
    private static string Needed(Command command)
    {
        string[] names = [.. command.Arguments.Where(one => one.Arity.MinimumNumberOfValues > 0).SelectMany(one => one.Name.ToUpperInvariant().Split(' '))];
        return names is [var only] ? $"a {only}" : string.Join(" and ", names);
    }

    public static string Unmatched(string token) => token.StartsWith('-') ? $"no option '{token}'" : $"unexpected argument '{token}'";

    public static string HelpCommand(Command command) => $"{Path(command)} --help";

    private static string Path(Command command) =>
        command is HognoseCommand ? "hognose" : $"{(command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Path(parent) : "hognose")} {command.Name}";

    private static string NotAValue(Option option, string value)
    {
        var wanted = option.ValueType == typeof(int) || option.ValueType == typeof(int?) ? "a number"
            : string.Join(", ", option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(one => one.Label));
        return $"'{value}' is no value of option '{option.Name}' (it takes {wanted})";
    }
}
