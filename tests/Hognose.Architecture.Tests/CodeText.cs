using System.Text.RegularExpressions;

namespace Hognose.Architecture.Tests;

/// <summary>A line without what isn't code. Good enough for lines of a house with no block comments.</summary>
internal static partial class CodeText
{
    public static string Of(string line) => Comment().Replace(Literal().Replace(line, "\"\""), "");

    [GeneratedRegex("""
        \$?"(?:[^"\\]|\\.)*"
        """)]
    private static partial Regex Literal();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();
}
