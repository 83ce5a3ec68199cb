using System.Globalization;

namespace Hognose.CPython.LayoutGenerator;

/// <summary>
/// Reads JSON with comments and trailing commas into dictionaries (in order), lists, strings, longs and nulls.
/// Written here because a generator that brings System.Text.Json must also ship it to every compiler that loads the generator.
/// </summary>
internal sealed class JsoncReader(string text)
{
    private const int MaximumDepth = 32;
    private int _position;
    private int _depth;

    public static object? Parse(string text)
    {
        var reader = new JsoncReader(text);
        var value = reader.Value();
        reader.SkipBlank();
        return reader._position == text.Length ? value : throw reader.Error("text after the end");
    }

    private object? Value()
    {
        SkipBlank();
        return Peek() switch
        {
            '{' => Object(),
            '[' => Array(),
            '"' => Text(),
            'n' => Null(),
            '-' or (>= '0' and <= '9') => Number(),
            _ => throw Error("a value is expected"),
        };
    }

    private List<KeyValuePair<string, object?>> Object()
    {
        var members = new List<KeyValuePair<string, object?>>();
        Enter();
        while (!Leave('}'))
        {
            var name = Text();
            SkipBlank();
            Expect(':');
            members.Add(new(name, Value()));
            Separator('}');
        }
        return members;
    }

    private List<object?> Array()
    {
        var items = new List<object?>();
        Enter();
        while (!Leave(']'))
        {
            items.Add(Value());
            Separator(']');
        }
        return items;
    }

    private void Enter()
    {
        _position++;
        if (++_depth > MaximumDepth)
            throw Error("nested too deep");
    }

    private bool Leave(char end)
    {
        SkipBlank();
        if (Peek() != end)
            return false;
        _position++;
        _depth--;
        return true;
    }

    private void Separator(char end)
    {
        SkipBlank();
        if (Peek() == ',')
            _position++;
        else if (Peek() != end)
            throw Error($"',' or '{end}' is expected");
    }

    private string Text()
    {
        Expect('"');
        var end = text.IndexOf('"', _position);
        if (end < 0)
            throw Error("a string has no end");
        var value = text.Substring(_position, end - _position);
        if (value.IndexOf('\\') >= 0)
            throw Error("escapes are not used in layout data");
        _position = end + 1;
        return value;
    }

    private object? Null()
    {
        if (string.CompareOrdinal(text, _position, "null", 0, 4) != 0)
            throw Error("a value is expected");
        _position += 4;
        return null;
    }

    private long Number()
    {
        var start = _position++;
        while (Peek() is >= '0' and <= '9')
            _position++;
        return long.TryParse(text.Substring(start, _position - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Error("a number is expected");
    }

    private void Expect(char wanted)
    {
        SkipBlank();
        if (Peek() != wanted)
            throw Error($"'{wanted}' is expected");
        _position++;
    }

    private void SkipBlank()
    {
        while (_position < text.Length)
        {
            if (char.IsWhiteSpace(text[_position]))
                _position++;
            else if (string.CompareOrdinal(text, _position, "//", 0, 2) == 0)
                _position = text.IndexOf('\n', _position) is var end && end < 0 ? text.Length : end;
            else
                return;
        }
    }

    private char Peek() => _position < text.Length ? text[_position] : '\0';

    private JsoncException Error(string problem) => new(problem, _position);
}
