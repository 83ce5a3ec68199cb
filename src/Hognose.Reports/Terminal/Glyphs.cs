using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The few signs we draw with, in Unicode or in ASCII.</summary>
public sealed record Glyphs(bool IsUnicode, string Ellipsis, string From, string Dot, string Times, string Mark, string Micro)
{
    private static readonly Glyphs Unicode = new(true, "…", "←", "·", "×", "▲", "µs");
    private static readonly Glyphs Ascii = new(false, "...", "<-", "-", "x", "^", "us");

    public static Glyphs For(IAnsiConsole console) => console.Profile.Capabilities.Unicode ? Unicode : Ascii;

    /// <summary>Our own words (not the program's names) with the signs that the terminal has.</summary>
    public string Own(string text) => IsUnicode ? text : text.Replace("µs", Micro, StringComparison.Ordinal)
        .Replace("→", "->", StringComparison.Ordinal).Replace("…", Ellipsis, StringComparison.Ordinal).Replace("×", Times, StringComparison.Ordinal)
        .Replace("·", Dot, StringComparison.Ordinal).Replace("≈", "~", StringComparison.Ordinal).Replace("±", "+-", StringComparison.Ordinal);
}
