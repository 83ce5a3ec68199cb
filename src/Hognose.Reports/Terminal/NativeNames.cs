using System.Text;

namespace Hognose.Reports.Terminal;

/// <summary>Names of C++ and Rust functions, whose paths and type arguments are longer than a table is wide: what they end with tells them.</summary>
internal static class NativeNames
{
    private const string Between = "::";

    /// <summary>A name that a library makes up may be megabytes of brackets.</summary>
    private const int LongestName = 4096;

    /// <summary>
    /// As many of the last parts of the path as fit, without type arguments: <c>Entry::or_default</c> for
    /// <c>&lt;alloc::collections::btree::map::Entry&lt;u8, String&gt;&gt;::or_default</c>. null: it is no such name, or not even the last fits.
    /// </summary>
    public static string? Short(string name, int width)
    {
        if (name.Length > LongestName || !name.Contains(Between, StringComparison.Ordinal) || Parts(name) is not { } parts)
            return null;
        string? fits = null;
        for (var (at, text) = (parts.Count - 1, ""); at >= 0; at--)
        {
            text = text.Length == 0 ? parts[at] : parts[at] + Between + text;
            if (Names.Width(text) > width)
                break;
            fits = text;
        }
        return fits;
    }

    /// <summary>null where brackets are no pairs: <c>operator&lt;</c>.</summary>
    private static List<string>? Parts(string name)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var depth = 0;
        for (var at = 0; at < name.Length;)
        {
            if (depth == 0 && name.AsSpan(at).StartsWith(Between))
            {
                Add();
                at += Between.Length;
            }
            else if (name[at] == '<')
            {
                var end = EndOfBrackets(name, at);
                if (end < 0)
                    return null;
                // <Type>::method and <Type as Trait>::method: the type stands for both. Else they are arguments.
                if (parts.Count == 0 && part.Length == 0 && Parts(SelfType(name[(at + 1)..end])) is { Count: > 0 } type)
                    part.Append(type[^1]);
                at = end + 1;
            }
            else if (name[at] == '>' && !name.AsSpan(0, at).EndsWith("-"))
            {
                return null;
            }
            else
            {
                depth += name[at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
                part.Append(name[at++]);
            }
        }
        Add();
        return parts;

        void Add()
        {
            if (part.Length > 0)
                parts.Add(part.ToString().Trim());
            part.Clear();
        }
    }

    private static string SelfType(string within)
    {
        var depth = 0;
        for (var at = 0; at < within.Length; at++)
        {
            depth += within[at] switch { '<' => 1, '>' when at == 0 || within[at - 1] != '-' => -1, _ => 0 };
            if (depth == 0 && within.AsSpan(at).StartsWith(" as "))
                return within[..at];
        }
        return within;
    }

    private static int EndOfBrackets(string name, int start)
    {
        var depth = 0;
        for (var at = start; at < name.Length; at++)
        {
            // fn() -> u8
            depth += name[at] switch { '<' => 1, '>' when name[at - 1] != '-' => -1, _ => 0 };
            if (depth == 0)
                return at;
        }
        return -1;
    }
}
