using System.Globalization;

namespace Hognose.Targets.Symbols.Rust;

/// <content>Paths: <c>core::slice::sort</c>, <c>&lt;Vec&lt;u8&gt; as Clone&gt;::clone</c>.</content>
internal sealed partial class RustName
{
    /// <param name="isValue">A function, whose arguments have colons before them; else a type.</param>
    private void Path(bool isValue) => Nested(() => ReadPath(isValue));

    private void ReadPath(bool isValue)
    {
        switch (Next())
        {
            case 'C':
                Write(Identifier().Name);
                break;
            case 'N':
                InNamespace(isValue);
                break;
            case 'M':
                Implementation();
                Write("<");
                Type();
                Write(">");
                break;
            case 'X':
                Implementation();
                TypeAsTrait();
                break;
            case 'Y':
                TypeAsTrait();
                break;
            case 'I':
                Path(isValue);
                Write(isValue ? "::<" : "<");
                List(Argument, ", ");
                Write(">");
                break;
            case 'B':
                Back(() => Path(isValue));
                break;
            default:
                _failed = true;
                break;
        }
    }

    private void InNamespace(bool isValue)
    {
        var kind = Next();
        Path(isValue);
        var (name, number) = Identifier();
        if (kind is >= 'a' and <= 'z')
        {
            if (name.Length > 0)
                Write("::" + name);
            return;
        }
        if (kind is not (>= 'A' and <= 'Z'))
            _failed = true;
        var what = kind switch { 'C' => "closure", 'S' => "shim", _ => kind.ToString() };
        Write(string.Create(CultureInfo.InvariantCulture, $"::{{{what}{(name.Length > 0 ? ":" + name : "")}#{number}}}"));
    }

    /// <summary>Where the block stands that a method is in: not said, since nobody writes it.</summary>
    private void Implementation()
    {
        var wasSilent = _isSilent;
        _isSilent = true;
        _ = Optional('s');
        Path(isValue: false);
        _isSilent = wasSilent;
    }

    private void TypeAsTrait()
    {
        Write("<");
        Type();
        Write(" as ");
        Path(isValue: false);
        Write(">");
    }

    private void Argument()
    {
        if (Eat('L'))
            Lifetime(Base62());
        else if (Eat('K'))
            Constant();
        else
            Type();
    }

    /// <summary>0: it was erased; else so many from the innermost that is named.</summary>
    private void Lifetime(ulong number)
    {
        const int letters = 26;
        if (number > _lifetimes)
            _failed = true;
        var index = _lifetimes - number;
        if (number == 0)
            Write("'_");
        else if (index < letters)
            Write($"'{(char)('a' + (int)index)}");
        else
            Write(string.Create(CultureInfo.InvariantCulture, $"'_{index}"));
    }

    /// <summary>for&lt;'a, 'b&gt;, of what <paramref name="read"/> reads.</summary>
    private void WithLifetimes(Action read)
    {
        var bound = Optional('G');
        // Each takes letters of what comes out.
        if (bound > LongestText)
            _failed = true;
        if (bound > 0 && !_failed)
        {
            Write("for<");
            for (ulong i = 0; i < bound; i++)
            {
                _lifetimes++;
                Write(i > 0 ? ", " : "");
                Lifetime(1);
            }
            Write("> ");
        }
        read();
        _lifetimes -= _failed ? 0 : bound;
    }
}
