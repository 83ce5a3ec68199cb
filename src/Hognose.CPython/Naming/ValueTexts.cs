using System.Globalization;
using System.Text;
using Hognose.CPython.Objects;
using Hognose.CPython.Types;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Naming;

/// <summary>Contents of strings, bytes and numbers, for whoever asked for them: as Python writes them, cut short.</summary>
internal sealed unsafe class ValueTexts(WalkContext context, ReaderSet readers, UnicodeText text)
{
    private readonly IntValues _ints = new(context);
    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _bytes = context.Layout.PyBytesObject.ob_sval;
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

    private string Int(ulong address)
    {
        var sign = _ints.IsNegative(address) ? "-" : "";
        var digits = _ints.DigitsOf(address);
        return digits > IntValues.MostDigits
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}2**{(digits - 1) * IntValues.DigitBits} and more")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{_ints.MagnitudeOf(address)}");
    }
}
