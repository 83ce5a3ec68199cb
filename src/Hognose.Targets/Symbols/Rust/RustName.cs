using System.Globalization;
using System.Text;

namespace Hognose.Targets.Symbols.Rust;

/// <summary>
/// Names of Rust functions in the newer way (RFC 2603, "v0"), as rustc writes them, without the hashes of crates:
/// <c>alloc::vec::Vec&lt;u8&gt;::push</c>. Such a name is a small grammar with references to what stood before; what a file holds may be anything, so its
/// depth and what comes out of it are bounded, and a reference leads backwards only.
/// </summary>
internal sealed partial class RustName
{
    private const string Start = "_R";

    /// <summary>What comes out of a name of some hundred letters may be long by references. No table has room for more.</summary>
    private const int LongestText = 4096;

    private const int LongestName = 1 << 14;

    /// <summary>What is nested deeper is no program's.</summary>
    private const int Deepest = 128;

    /// <summary>The name without its start: references count from here.</summary>
    private readonly string _name;
    private readonly StringBuilder _text = new();
    private int _at;
    private int _depth;
    private bool _failed;

    /// <summary>Nothing is written: what stands there says only where something was written.</summary>
    private bool _isSilent;

    /// <summary>Lifetimes that enclosing <c>for&lt;…&gt;</c> name.</summary>
    private ulong _lifetimes;

    private RustName(string name) => _name = name;

    /// <summary>null: it is no such name, or is none that ends.</summary>
    public static string? Readable(string name)
    {
        if (!name.StartsWith(Start, StringComparison.Ordinal) || name.Length > LongestName)
            return null;
        // What linkers and LLVM hang on: ".llvm.1234", ".cold".
        var end = name.AsSpan().IndexOfAny('.', '$');
        var reader = new RustName(name[Start.Length..(end < 0 ? name.Length : end)]);
        return reader.Read() ? reader._text.ToString() : null;
    }

    private bool Read()
    {
        // A digit here would be another version of the encoding.
        if (Peek() is not (>= 'A' and <= 'Z'))
            return false;
        Path(isValue: true);
        if (!_failed && _at < _name.Length)
        {
            // The crate that a generic function was made for.
            _isSilent = true;
            Path(isValue: false);
        }
        return !_failed && _at == _name.Length;
    }

    private char Peek() => _at < _name.Length && !_failed ? _name[_at] : '\0';

    private char Next()
    {
        var letter = Peek();
        if (letter == '\0')
            _failed = true;
        _at++;
        return letter;
    }

    private bool Eat(char letter)
    {
        if (Peek() != letter)
            return false;
        _at++;
        return true;
    }

    /// <summary>Until the E that ends it.</summary>
    private int List(Action entry, string between)
    {
        var entries = 0;
        for (; !_failed && !Eat('E'); entries++)
        {
            if (entries > 0)
                Write(between);
            entry();
        }
        return entries;
    }

    private void Write(string text)
    {
        if (_isSilent || _failed)
            return;
        _text.Append(text);
        _failed = _text.Length > LongestText;
    }

    /// <summary>0 for "_", else one more than the digits say.</summary>
    private ulong Base62()
    {
        if (Eat('_'))
            return 0;
        ulong number = 0;
        for (var letter = Next(); letter != '_'; letter = Next())
        {
            var digit = letter switch
            {
                >= '0' and <= '9' => letter - '0',
                >= 'a' and <= 'z' => letter - 'a' + 10,
                >= 'A' and <= 'Z' => letter - 'A' + 36,
                _ => -1,
            };
            // One more than the largest must fit, and one more than that.
            if (digit < 0 || number > (ulong.MaxValue - 63) / 62)
            {
                _failed = true;
                return 0;
            }
            number = (number * 62) + (ulong)digit;
        }
        return number + 1;
    }

    /// <summary>0 where none stands.</summary>
    private ulong Optional(char tag) => Eat(tag) ? Base62() + 1 : 0;

    /// <summary>What stood earlier in the name, once more.</summary>
    private void Back(Action read)
    {
        var here = _at - 1;
        var there = Base62();
        if (there >= (ulong)here)
            _failed = true;
        // Silence is short however much refers back.
        if (_failed || _isSilent)
            return;
        var after = _at;
        _at = (int)there;
        Nested(read);
        _at = after;
    }

    private void Nested(Action read)
    {
        if (++_depth > Deepest)
            _failed = true;
        if (!_failed)
            read();
        _depth--;
    }

    /// <summary>A name, and how many of that name came before it (0: it is the first).</summary>
    private (string Name, ulong Number) Identifier()
    {
        var number = Optional('s');
        return (Word(), number);
    }

    private string Word()
    {
        var isPunycode = Eat('u');
        var length = Length();
        Eat('_');
        if (_failed || length > _name.Length - _at)
            return Failed();
        var word = _name.Substring(_at, length);
        _at += length;
        return isPunycode ? Punycode.Decode(word) ?? Failed() : word;
    }

    /// <summary>Of a word; no digit follows a 0.</summary>
    private int Length()
    {
        var start = _at;
        do
        {
            if (Next() is not (>= '0' and <= '9'))
                _failed = true;
        }
        while (!_failed && _name[start] != '0' && char.IsAsciiDigit(Peek()));
        if (!_failed && int.TryParse(_name.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return length;
        _failed = true;
        return 0;
    }

    private string Failed()
    {
        _failed = true;
        return "";
    }
}
