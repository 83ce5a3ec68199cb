using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>A command to type next, and what it tells.</summary>
internal static class NextStep
{
    public static void Write(IAnsiConsole console, string command, string what) =>
        console.Write(new StyledLine().Spaces(2).Left(command, 30, Palette.Command).Spaces(2).Add(what, Palette.Dim));
}
