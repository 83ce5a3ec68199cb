using System.Globalization;

namespace Hognose.Targets.Tests.Symbols;

/// <summary>A symbol as rustc may make it (RFC 2603), of any shape.</summary>
internal sealed class RandomRustName
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Basic = "abcdefhijlmnostuvxyz";
    private const string Signed = "ailnsx";
    private const string Numbers = "ahijlmnostxy";

    private readonly Random _random;
    private readonly List<int> _types = [];
    private readonly List<int> _paths = [];
    private string _name = "";
    private int _depth;
    private int _lifetimes;

    public RandomRustName(int seed)
    {
        _random = new Random(seed);
        Path();
        if (_random.Next(4) == 0)
            Add("C1z");
    }

    public string Text => "_R" + _name;

    public static string Base62(long number)
    {
        if (number == 0)
            return "_";
        var text = "_";
        for (number--; text.Length == 1 || number > 0; number /= Digits.Length)
            text = Digits[(int)(number % Digits.Length)] + text;
        return text;
    }

    private void Add(string text) => _name += text;

    private bool IsDeep => _depth > 4;

    private void Path()
    {
        var here = _name.Length;
        _depth++;
        switch (IsDeep ? 0 : _random.Next(8))
        {
            case 0 or 1:
                Add("C" + Identifier());
                break;
            case 2 or 3:
                Add("N" + "vtCSA"[_random.Next(5)]);
                Path();
                Add(Identifier());
                break;
            case 4:
                Add("M" + Disambiguator());
                Path();
                Type();
                break;
            case 5:
                Add("X" + Disambiguator());
                Path();
                Type();
                Path();
                break;
            case 6 when _paths.Count > 0:
                Add("B" + Base62(_paths[_random.Next(_paths.Count)]));
                break;
            case 6:
                Add("Y");
                Type();
                Path();
                break;
            default:
                Add("I");
                Path();
                Some(3, Argument);
                Add("E");
                break;
        }
        _depth--;
        // Such of a type that names lifetimes of a type around it have another meaning elsewhere.
        if (_lifetimes == 0)
            _paths.Add(here);
    }

    private void Argument()
    {
        switch (_random.Next(4))
        {
            case 0:
                Add("L" + Base62(_random.Next(_lifetimes + 1)));
                break;
            case 1:
                Add("K");
                Constant();
                break;
            default:
                Type();
                break;
        }
    }

    private void Constant() => Add(_random.Next(4) switch
    {
        0 => "p",
        1 => "b" + _random.Next(2) + "_",
        2 => $"{Signed[_random.Next(Signed.Length)]}n{_random.Next(1, 128):x}_",
        _ => $"{Numbers[_random.Next(Numbers.Length)]}{_random.NextInt64():x}_",
    });

    private void Type()
    {
        var here = _name.Length;
        _depth++;
        switch (IsDeep ? 0 : _random.Next(11))
        {
            case 0:
                Add(Basic[_random.Next(Basic.Length)].ToString());
                break;
            case 1:
                Add(_random.Next(2) == 0 ? "R" : "Q");
                if (_random.Next(2) == 0)
                    Add("L" + Base62(_random.Next(_lifetimes + 1)));
                Type();
                break;
            case 2:
                Add(_random.Next(2) == 0 ? "P" : "O");
                Type();
                break;
            case 3:
                Add("S");
                Type();
                break;
            case 4:
                Add("A");
                Type();
                Constant();
                break;
            case 5:
                Add("T");
                Some(4, Type);
                Add("E");
                break;
            case 6:
                Function();
                break;
            case 7:
                Dynamic();
                break;
            case 8 when _types.Count > 0:
                Add("B" + Base62(_types[_random.Next(_types.Count)]));
                break;
            default:
                Path();
                break;
        }
        _depth--;
        if (_lifetimes == 0)
            _types.Add(here);
    }

    private void Function()
    {
        Add("F");
        var bound = Binder();
        Add(_random.Next(2) == 0 ? "U" : "");
        Add(_random.Next(3) switch { 0 => "KC", 1 => "K6system", _ => "" });
        Some(3, Type);
        Add("E");
        Type();
        _lifetimes -= bound;
    }

    private void Dynamic()
    {
        Add("D");
        var bound = Binder();
        Some(2, () =>
        {
            Path();
            if (_random.Next(2) == 0)
                Add("p6Output");
            else
                return;
            Type();
        });
        Add("E");
        _lifetimes -= bound;
        Add("L" + Base62(_random.Next(_lifetimes + 1)));
    }

    private int Binder()
    {
        var bound = _random.Next(3);
        if (bound > 0)
            Add("G" + Base62(bound - 1));
        _lifetimes += bound;
        return bound;
    }

    private void Some(int most, Action one)
    {
        for (var left = _random.Next(most); left > 0; left--)
            one();
    }

    private string Disambiguator() => _random.Next(2) == 0 ? "" : "s" + Base62(_random.Next(100));

    private string Identifier()
    {
        var word = new[] { "core", "alloc", "vec", "Vec", "_private", "x1", "push" }[_random.Next(7)];
        return string.Create(CultureInfo.InvariantCulture, $"{Disambiguator()}{word.Length}{(word[0] == '_' ? "_" : "")}{word}");
    }
}
