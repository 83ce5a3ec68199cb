using System.Text;
using Hognose.Formats.Ring;
using Hognose.Recording.Ring;

namespace Hognose.Recording.Summary;

/// <summary>One code object as the agent described it.</summary>
/// <param name="TableOffset">Where its line table stands in the code area.</param>
internal readonly record struct DescribedCode(string File, string Function, int FirstLine, int TableOffset, int TableLength)
{
    public static DescribedCode Unknown { get; } = new("?", "?", 0, 0, 0);
}

/// <summary>Reads all descriptions in the code area. Index is the code's id; 0 is the unknown code.</summary>
internal static unsafe class CodeBook
{
    private const int LongestName = 4096;

    public static List<DescribedCode> Read(byte* region, RingFacts facts)
    {
        var codes = new List<DescribedCode> { DescribedCode.Unknown };
        var area = new ReadOnlySpan<byte>(RingShape.CodesOf(region), (int)facts.CodeBytes);
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; area.Length - at >= CodeRecord.SizeInBytes && codes.Count <= facts.CodeCount;)
        {
            var record = *(CodeRecord*)(RingShape.CodesOf(region) + at);
            if (record.Length < CodeRecord.SizeInBytes || record.Length > area.Length - at)
                break;
            codes.Add(ReadOne(area.Slice(at, (int)record.Length), at, record, strings));
            at += (int)record.Length;
        }
        return codes;
    }

    private static DescribedCode ReadOne(ReadOnlySpan<byte> bytes, int at, in CodeRecord record, Dictionary<string, string> strings)
    {
        var offset = CodeRecord.SizeInBytes;
        if (!TryText(bytes, ref offset, record.FileLength, record.FileKind, strings, out var file)
            || !TryText(bytes, ref offset, record.NameLength, record.NameKind, strings, out var name)
            || record.LineTableLength > bytes.Length - offset)
            return DescribedCode.Unknown;
        return new DescribedCode(file, name, record.FirstLine, at + offset, (int)record.LineTableLength);
    }

    private static bool TryText(
        ReadOnlySpan<byte> bytes, ref int offset, uint length, byte kind, Dictionary<string, string> strings, out string text)
    {
        text = "?";
        if (length > LongestName || length * (ulong)kind > (ulong)(bytes.Length - offset))
            return false;
        var raw = bytes.Slice(offset, (int)length * kind);
        offset += raw.Length;
        if (length == 0)
            return true;
        var decoded = kind switch
        {
            1 => Encoding.Latin1.GetString(raw),
            2 => Encoding.Unicode.GetString(raw),
            _ => Encoding.UTF32.GetString(raw),
        };
        if (!strings.TryGetValue(decoded, out text!))
            strings[decoded] = text = decoded;
        return true;
    }
}
