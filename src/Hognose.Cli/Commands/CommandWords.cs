using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary>Options as a shell is given them.</summary>
internal static class CommandWords
{
    /// <summary>" --since 10"; empty where there is no value.</summary>
    public static string Repeated(string option, string? value) => value is null ? "" : $" {option} {Names.ShellWord(value)}";
}
