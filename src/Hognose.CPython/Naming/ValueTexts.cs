using System.Globalization;
using System.Text;
using Hognose.CPython.Objects;
using Hognose.CPython.Types;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Naming;

/// <summary>Contents of strings, bytes and numbers, for whoever asked for them: as Python writes them, cut short.</summary>
internal sealed unsafe class ValueTexts(WalkContext context, ReaderSet readers, UnicodeText text)
{
    private const int DigitBits = 30;
    private const int MostDigits = 2;

    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _bytes = context.Layout.PyBytesObject.ob_sval;
    private readonly int _digits = context.Layout.PyLongObject.ob_digit;
    private readonly int _tag = context.Layout.PyLongObject.lv_tag;
    private readonly int _float = context.Layout.PyFloatObject.ob_fval;

    /// <summary>Whether its instances have such contents; subclasses have more, and are left out.</summary>
    public bool Has(PyType type) => readers.Names.NativeName(type) is "str" or "bytes" or "int" or "bool" or "float";

    public string Of(ulong address, PyType type, int longest) => readers.Names.NativeName(type) switch
    {
        "str" => Quoted(text.Read(address) ?? "", longest),
        "bytes" => "b" + Bytes(address, longest),
        "int" => Int(address),
        "bool" => Int(address) == "0" ? "False" : "True",
        "float" => BitConverter.Int64BitsToDouble(context.Memory.I64(address + (ulong)_float)).ToString("R", CultureInfo.InvariantCulture),
        _ => "",
    };

    private static string Quoted(string value, int longest) => value.Length <= longest ? $"'{value}'" : $"'{value[..longest]}…'";

    private string Bytes(ulong address, int longest)
    {
        var length = context.Memory.I64(address + (ulong)_count);
        var shown = Math.Min(length, longest);
        var at = shown > 0 ? context.Items(address + (ulong)_bytes, shown, 1) : null;
        var written = new StringBuilder("'");
        for (long i = 0; at != null && i < shown; i++)
            _ = at[i] is >= 0x20 and < 0x7f ? written.Append((char)at[i]) : written.Append(CultureInfo.InvariantCulture, $"\\x{at[i]:x2}");
        return written.Append(length > shown ? "…'" : "'").ToString();
    }

    /// <summary>From 3.12 on the sign and the number of digits stand in a tag (Include/internal/pycore_long.h), before that in the size.</summary>
    private string Int(ulong address)
    {
        var tag = _tag >= 0 ? context.Memory.U64(address + (ulong)_tag) : 0;
        var size = context.Memory.I64(address + (ulong)_count);
        var digits = _tag >= 0 ? (long)(tag >> 3) : TargetWords.Magnitude(size);
        var isNegative = _tag >= 0 ? (tag & 3) == 2 : size < 0;
        if (digits > MostDigits)
            return string.Create(CultureInfo.InvariantCulture, $"{(isNegative ? "-" : "")}2**{(digits - 1) * DigitBits} and more");
        ulong value = 0;
        for (var i = 0; i < digits; i++)
            value |= (ulong)context.Memory.U32(address + (ulong)(_digits + (i * sizeof(uint)))) << (i * DigitBits);
        return string.Create(CultureInfo.InvariantCulture, $"{(isNegative ? "-" : "")}{value}");
    }
}
