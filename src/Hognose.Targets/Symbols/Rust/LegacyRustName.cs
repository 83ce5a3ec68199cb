using System.Globalization;
using System.Text;

namespace Hognose.Targets.Symbols.Rust;

/// <summary>
/// Names of Rust functions in the older way (rustc's <c>legacy</c> symbol mangling), which borrows that of C++: the parts of a path with their lengths, the last
/// a hash, and in them what C++ has no letters for between dollars. <c>core::fmt::write</c> for <c>_ZN4core3fmt5write17h0123456789abcdefE</c>.
/// </summary>
internal static class LegacyRustName
{
    private const string Start = "_ZN";
    private const int HashDigits = 16;

    private static readonly Dictionary<string, char> Escapes = new()
    {
        ["SP"] = '@', ["BP"] = '*', ["RF"] = '&', ["LT"] = '<', ["GT"] = '>', ["LP"] = '(', ["RP"] = ')', ["C"] = ',',
    };

    /// <summary>Without the hash; null: it is no such name.</summary>
    public static string? Readable(string name)
    {
        if (!name.StartsWith(Start, StringComparison.Ordinal))
            return null;
        var parts = new List<string>();
        var at = Start.Length;
        while (at < name.Length && name[at] != 'E')
        {
            var digits = Math.Max(0, name.AsSpan(at).IndexOfAnyExceptInRange('0', '9'));
            if (!int.TryParse(name.AsSpan(at, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > name.Length - at - digits)
                return null;
            parts.Add(name.Substring(at + digits, length));
            at += digits + length;
        }
        return at < name.Length && parts.Count > 1 && IsHash(parts[^1]) ? string.Join("::", parts.SkipLast(1).Select(Unescaped)) : null;
    }

    private static bool IsHash(string part) => part.Length == HashDigits + 1 && part[0] == 'h' && part.Skip(1).All(char.IsAsciiHexDigitLower);

    private static string Unescaped(string part)
    {
        var text = new StringBuilder();
        // What begins with an escape has an underscore before it, for C++ names begin with a letter.
        for (var at = part.StartsWith("_$", StringComparison.Ordinal) ? 1 : 0; at < part.Length;)
        {
            if (part[at] == '$' && part.IndexOf('$', at + 1) is var end and > 0 && Meant(part[(at + 1)..end]) is { } meant)
            {
                text.Append(meant);
                at = end + 1;
            }
            else if (part.AsSpan(at).StartsWith(".."))
            {
                text.Append("::");
                at += 2;
            }
            else
            {
                text.Append(part[at++]);
            }
        }
        return text.ToString();
    }

    private static string? Meant(string escape) =>
        Escapes.TryGetValue(escape, out var letter) ? letter.ToString()
        : escape.Length > 1 && escape[0] == 'u' && int.TryParse(escape.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            && Rune.IsValid(code) && !Rune.IsControl(new Rune(code)) ? new Rune(code).ToString()
        : null;
}
