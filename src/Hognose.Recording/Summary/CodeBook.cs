using System.Text;
using Hognose.Formats.Ring;
using Hognose.Recording.Ring;

namespace Hognose.Recording.Summary;

/// <summary>One code object as the agent described it.</summary>
/// <param name="TableOffset">Where its line table stands in the code area.</param>
internal readonly record struct DescribedCode(string File, string Function, int FirstLine, int TableOffset, int TableLength)
{
    /// <summary>An executable or library: <see cref="File"/> is its path, the table its build id.</summary>
    public bool IsModule { get; init; }

    public static DescribedCode Unknown { get; } = new("?", "?", 0, 0, 0);
}

/// <summary>The descriptions in the code area, as far as they are written. Index is the code's id; 0 is the unknown code.</summary>
internal sealed unsafe class CodeBook(byte* region)
{
    private const int LongestName = 4096;

    private readonly byte* _area = RingShape.CodesOf(region);
    private readonly List<DescribedCode> _codes = [DescribedCode.Unknown];
    private readonly Dictionary<string, string> _strings = new(StringComparer.Ordinal);
    private int _at;
    private bool _broken;

    /// <param name="id">Anything: the program may have written it.</param>
    /// <param name="facts">Read after the id was.</param>
    public DescribedCode Of(uint id, RingFacts facts)
    {
        if (id >= _codes.Count)
            ReadOn(facts);
        return id < _codes.Count ? _codes[(int)id] : DescribedCode.Unknown;
    }

    public ReadOnlySpan<byte> TableOf(DescribedCode code) => new(_area + code.TableOffset, code.TableLength);

    private void ReadOn(RingFacts facts)
    {
        var area = new ReadOnlySpan<byte>(_area, (int)facts.CodeBytes);
        while (!_broken && area.Length - _at >= CodeRecord.SizeInBytes && _codes.Count <= facts.CodeCount)
        {
            var record = *(CodeRecord*)(_area + _at);
            _broken = record.Length < CodeRecord.SizeInBytes || record.Length > area.Length - _at;
            if (_broken)
                return;
            _codes.Add(ReadOne(area.Slice(_at, (int)record.Length), _at, record, _strings));
            _at += (int)record.Length;
        }
    }

    private static DescribedCode ReadOne(ReadOnlySpan<byte> bytes, int at, in CodeRecord record, Dictionary<string, string> strings)
    {
        var offset = CodeRecord.SizeInBytes;
        if (!TryText(bytes, ref offset, record.FileLength, record.FileKind, strings, out var file)
            || !TryText(bytes, ref offset, record.NameLength, record.NameKind, strings, out var name)
            || record.LineTableLength > bytes.Length - offset)
            return DescribedCode.Unknown;
        if (record.Kind == CodeRecord.ModuleKind)
            file = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(file));
        return new DescribedCode(file, name, record.FirstLine, at + offset, (int)record.LineTableLength) { IsModule = record.Kind == CodeRecord.ModuleKind };
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
