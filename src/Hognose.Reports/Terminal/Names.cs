using System.Text;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Names of the program, made safe and short enough to print. Widths are in terminal cells, not characters.</summary>
public static class Names
{
    /// <summary>A name holds whatever the program put there: control characters would move the cursor or worse.</summary>
    public static string Printable(string name)
    {
        if (!name.AsSpan().ContainsAny(Unprintable))
            return name;
        var text = new StringBuilder(name.Length);
        foreach (var one in name)
            text.Append(Unprintable.Contains(one) ? '?' : one);
        return text.ToString();
    }

    /// <summary>As shells read it back: unquoted when every character is harmless, else in single quotes.</summary>
    public static string ShellWord(string word) =>
        word.Length > 0 && word.All(one => char.IsAsciiLetterOrDigit(one) || "/._-+:@%".Contains(one, StringComparison.Ordinal))
            ? word
            : $"'{Printable(word).Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public static int Width(string text) => text.GetCellWidth();

    /// <summary>Keeps the end, which tells a path: "…/app/models.py:12".</summary>
    public static string CutLeft(string text, int width, Glyphs glyphs)
    {
        if (Width(text) <= width)
            return text;
        var room = width - glyphs.Ellipsis.Length;
        return room <= 0 ? Tail(text, width) : glyphs.Ellipsis + Tail(text, room);
    }

    /// <summary>Keeps both ends, which tell a name: "test_the_wh…r_of_bytes".</summary>
    public static string CutMiddle(string text, int width, Glyphs glyphs)
    {
        if (Width(text) <= width)
            return text;
        var room = width - glyphs.Ellipsis.Length;
        return room <= 1 ? Head(text, width) : Head(text, room - (room / 2)) + glyphs.Ellipsis + Tail(text, room / 2);
    }

    /// <summary>The same of a function, which of C++ or Rust may be called by the end of its path.</summary>
    public static string CutFunction(string text, int width, Glyphs glyphs) =>
        Width(text) <= width ? text : NativeNames.Short(text, width) ?? CutMiddle(text, width, glyphs);

    /// <summary>Keeps the beginning, which tells a command line.</summary>
    public static string CutRight(string text, int width, Glyphs glyphs) =>
        Width(text) <= width ? text : Head(text, Math.Max(0, width - glyphs.Ellipsis.Length)) + glyphs.Ellipsis;

    /// <summary>Breaks a sentence of ours at its spaces.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && Width(line) + 1 + Width(word) > width)
            {
                yield return line;
                line = "";
            }
            line += line.Length == 0 ? word : " " + word;
        }
        yield return line;
    }

    // C0 and C1 controls, and the marks that turn the direction of writing ("Trojan source").
    private static readonly System.Buffers.SearchValues<char> Unprintable = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Concat(Enumerable.Range(0x200E, 2))
            .Concat(Enumerable.Range(0x2028, 7)).Concat(Enumerable.Range(0x2066, 4)).Append(0xFEFF).Select(code => (char)code)]);

    /// <summary>As many characters as fit.</summary>
    public static string Head(string text, int width)
    {
        if (Width(text) <= width)
            return text;
        var taken = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var next = taken + rune.Utf16SequenceLength;
            if (Width(text[..next]) > width)
                break;
            taken = next;
        }
        return text[..taken];
    }

    private static string Tail(string text, int width)
    {
        var start = text.Length;
        while (start > 0)
        {
            var next = start - (start > 1 && char.IsLowSurrogate(text[start - 1]) && char.IsHighSurrogate(text[start - 2]) ? 2 : 1);
            if (Width(text[next..]) > width)
                break;
            start = next;
        }
        return text[start..];
    }
}
