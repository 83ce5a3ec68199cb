using System.Globalization;
using System.Text;

namespace Hognose.Targets.Symbols.Rust;

/// <content>Constants among arguments: <c>4</c> in <c>[u8; 4]</c>.</content>
internal sealed partial class RustName
{
    private void Constant() => Nested(() => ReadConstant(isWithin: false));

    private void ConstantWithin() => Nested(() => ReadConstant(isWithin: true));

    /// <param name="isWithin">Another: else what is more than a literal stands in braces.</param>
    private void ReadConstant(bool isWithin)
    {
        switch (Next())
        {
            case 'p':
                Write("_");
                break;
            case 'a' or 's' or 'l' or 'x' or 'n' or 'i':
                Write(Eat('n') ? "-" : "");
                Number();
                break;
            case 'h' or 't' or 'm' or 'y' or 'o' or 'j':
                Number();
                break;
            case 'b':
                Write(Digits() switch { "0" => "false", "1" => "true", _ => Failed() });
                break;
            case 'c':
                Character();
                break;
            // A string literal is a reference to a str.
            case 'R' when Eat('e'):
                Text();
                break;
            case 'B':
                Back(isWithin ? ConstantWithin : Constant);
                break;
            default:
                _at--;
                Write(isWithin ? "" : "{");
                Expression();
                Write(isWithin ? "" : "}");
                break;
        }
    }

    private void Expression()
    {
        switch (Next())
        {
            case 'e':
                Write("*");
                Text();
                break;
            case 'R':
                Write("&");
                ConstantWithin();
                break;
            case 'Q':
                Write("&mut ");
                ConstantWithin();
                break;
            case 'A':
                Write("[");
                List(ConstantWithin, ", ");
                Write("]");
                break;
            case 'T':
                Write("(");
                Write(List(ConstantWithin, ", ") == 1 ? ",)" : ")");
                break;
            case 'V':
                Variant();
                break;
            default:
                _failed = true;
                break;
        }
    }

    /// <summary>A value of a struct or an enum.</summary>
    private void Variant()
    {
        var shape = Next();
        Path(isValue: true);
        switch (shape)
        {
            case 'U':
                break;
            case 'T':
                Write("(");
                List(ConstantWithin, ", ");
                Write(")");
                break;
            case 'S':
                Write(" { ");
                List(Field, ", ");
                Write(" }");
                break;
            default:
                _failed = true;
                break;
        }
    }

    private void Field()
    {
        Write(Identifier().Name + ": ");
        ConstantWithin();
    }

    /// <summary>Up to 64 bits in decimal, as rustc prints it.</summary>
    private void Number()
    {
        var digits = Digits();
        Write(digits.Length > 16 ? "0x" + digits
            : ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture)
            : Failed());
    }

    private void Character()
    {
        var digits = Digits();
        if (uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code))
            Write($"'{Escaped(new Rune(code), '\'')}'");
        else
            _failed = true;
    }

    /// <summary>UTF-8 in pairs of digits.</summary>
    private void Text()
    {
        var digits = Digits(isText: true);
        if (_failed || digits.Length % 2 != 0)
        {
            _failed = true;
            return;
        }
        var text = new StringBuilder("\"");
        foreach (var letter in Encoding.UTF8.GetString(Convert.FromHexString(digits)).EnumerateRunes())
            text.Append(Escaped(letter, '"'));
        Write(text.Append('"').ToString());
    }

    /// <summary>Lower-case and hexadecimal, up to an underscore.</summary>
    /// <param name="isText">None at all is a text, too, and no number.</param>
    private string Digits(bool isText = false)
    {
        var start = _at;
        while (Peek() is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
            _at++;
        var digits = _failed ? "" : _name[start.._at];
        if (!Eat('_') || (digits.Length == 0 && !isText))
            _failed = true;
        return isText ? digits : digits.TrimStart('0') is { Length: > 0 } significant ? significant : "0";
    }

    private static string Escaped(Rune letter, char quote) => letter.Value switch
    {
        '\t' => "\\t",
        '\r' => "\\r",
        '\n' => "\\n",
        '\\' => "\\\\",
        _ when letter.Value == quote => "\\" + quote,
        _ when Rune.IsControl(letter) => string.Create(CultureInfo.InvariantCulture, $"\\u{{{letter.Value:x}}}"),
        _ => letter.ToString(),
    };
}
