using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hognose.CPython.Versions;
using Hognose.Targets.Elf;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Runtime;

/// <summary>
/// What an interpreter says when it starts ("3.8.18 (default, May 9 2026, …) \n[GCC 12.2.0]"), read from the static buffer that
/// Py_GetVersion fills while the <c>sys</c> module is made (Python/getversion.c). It names the exact version of every Python and needs
/// no layout.
/// </summary>
/// <param name="Text">The version as written, "3.15.0rc2+".</param>
internal readonly partial record struct PythonBanner(PythonVersion Version, string Text, bool IsPyPy)
{
    /// <summary>Of Python/getversion.c: PY_VERSION, build and compiler at most 80 characters each.</summary>
    private const int LongestBanner = 250;

    public static bool TryFind(ITarget process, LoadedImage image, out PythonBanner banner)
    {
        foreach (var piece in process.ReadPresent([.. image.Writable], LongestBanner))
            if (TryFind(piece.Bytes.Span, out banner))
                return true;
        banner = default;
        return false;
    }

    public static bool TryFind(ReadOnlySpan<byte> bytes, out PythonBanner banner)
    {
        banner = default;
        while (true)
        {
            // Every compiler's name stands in brackets, and those are rarer in data than digits are.
            var bracket = bytes.IndexOf((byte)'[');
            if (bracket < 0)
                return false;
            var before = bytes[..bracket];
            var start = Math.Max(before.LastIndexOf((byte)0) + 1, bracket - LongestBanner);
            if (TryParse(Encoding.Latin1.GetString(bytes[start..Math.Min(bytes.Length, start + LongestBanner)]), out banner))
                return true;
            bytes = bytes[(bracket + 1)..];
        }
    }

    private static bool TryParse(string text, out PythonBanner banner)
    {
        banner = default;
        var match = Form().Match(text);
        if (!match.Success)
            return false;
        var level = match.Groups["level"].Value switch { "a" => 0xAu, "b" => 0xBu, "rc" or "c" => 0xCu, _ => 0xFu };
        var hex = (Number(match, "major") << 24) | (Number(match, "minor") << 16) | (Number(match, "micro") << 8) | (level << 4) | Number(match, "serial");
        banner = new PythonBanner(new PythonVersion(hex), match.Groups["text"].Value, match.Groups["compiler"].Value.StartsWith("PyPy", StringComparison.Ordinal));
        return true;
    }

    private static uint Number(Match match, string group) =>
        match.Groups[group].Success ? uint.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"\A(?<text>(?<major>[23])\.(?<minor>\d{1,2})\.(?<micro>\d{1,2})((?<level>a|b|rc|c)(?<serial>\d))?\+?)( [a-z -]+)? \([^)]{3,80}\) ?\n?\[(?<compiler>[^\]\0]*)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
