namespace Hognose.Targets.Symbols.Rust;

/// <content>Types: <c>&amp;mut [u8; 4]</c>, <c>dyn Fn(i32) -> bool</c>.</content>
internal sealed partial class RustName
{
    /// <summary>By letter, a to z; null: none has it.</summary>
    private static readonly string?[] BasicTypes =
    [
        "i8", "bool", "char", "f64", "str", "f32", null, "u8", "isize", "usize", null, "i32", "u32",
        "i128", "u128", "_", null, null, "i16", "u16", "()", "...", null, "i64", "u64", "!",
    ];

    private void Type() => Nested(ReadType);

    private void ReadType()
    {
        var tag = Peek();
        if (tag is >= 'a' and <= 'z')
        {
            _at++;
            Write(BasicTypes[tag - 'a'] ?? Failed());
            return;
        }
        // What begins as paths do is one.
        if (tag is 'C' or 'N' or 'M' or 'X' or 'Y' or 'I')
        {
            Path(isValue: false);
            return;
        }
        _at++;
        switch (tag)
        {
            case 'R': Reference(""); break;
            case 'Q': Reference("mut "); break;
            case 'P': Pointer("*const "); break;
            case 'O': Pointer("*mut "); break;
            case 'S': Bracketed(false); break;
            case 'A': Bracketed(true); break;
            case 'T':
                Write("(");
                Write(List(Type, ", ") == 1 ? ",)" : ")");
                break;
            case 'F': WithLifetimes(Function); break;
            case 'D': Dynamic(); break;
            case 'B': Back(Type); break;
            default: _failed = true; break;
        }
    }

    private void Reference(string mutability)
    {
        Write("&");
        if (Eat('L') && Base62() is var lifetime and > 0)
        {
            Lifetime(lifetime);
            Write(" ");
        }
        Pointer(mutability);
    }

    private void Pointer(string kind)
    {
        Write(kind);
        Type();
    }

    private void Bracketed(bool hasLength)
    {
        Write("[");
        Type();
        if (hasLength)
        {
            Write("; ");
            Constant();
        }
        Write("]");
    }

    private void Function()
    {
        if (Eat('U'))
            Write("unsafe ");
        if (Eat('K'))
            Write($"extern \"{(Eat('C') ? "C" : Word().Replace('_', '-'))}\" ");
        Write("fn(");
        List(Type, ", ");
        Write(")");
        if (Eat('u'))
            return;
        Write(" -> ");
        Type();
    }

    private void Dynamic()
    {
        Write("dyn ");
        WithLifetimes(() => List(Trait, " + "));
        if (!Eat('L'))
        {
            _failed = true;
            return;
        }
        if (Base62() is var lifetime and > 0)
        {
            Write(" + ");
            Lifetime(lifetime);
        }
    }

    /// <summary>What its arguments and associated types are stands between the same brackets: <c>Iterator&lt;Item = u8&gt;</c>.</summary>
    private void Trait()
    {
        var isOpen = OpenPath();
        while (Eat('p'))
        {
            Write(isOpen ? ", " : "<");
            isOpen = true;
            Write(Word() + " = ");
            Type();
        }
        if (isOpen)
            Write(">");
    }

    /// <summary>Whether a bracket is left open behind it.</summary>
    private bool OpenPath()
    {
        var isOpen = false;
        if (Eat('B'))
        {
            Back(() => isOpen = OpenPath());
            return isOpen;
        }
        if (!Eat('I'))
        {
            Path(isValue: false);
            return false;
        }
        Path(isValue: false);
        Write("<");
        List(Argument, ", ");
        return true;
    }
}
