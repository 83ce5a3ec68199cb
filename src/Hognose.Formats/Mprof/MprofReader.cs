using System.Globalization;
using System.Text;
using Hognose.Diagnostics;

namespace Hognose.Formats.Mprof;

/// <summary>
/// Reads <c>.dat</c> files of mprof, ours and memory_profiler's. Records of other names are passed over, as mprof does. A last line without an
/// end was cut off while it was written: it is left out, and <see cref="MprofProfile.CutOffLine"/> says so.
/// </summary>
public sealed class MprofReader
{
    private const int LongestLine = 1 << 20;
    private const int MostLines = 50_000_000;

    /// <summary>More than any machine has (2^53 bytes in MiB), and still exact in a double.</summary>
    private const double MostMebiBytes = 8_589_934_592;

    /// <summary>The year 9999, the last that a date can show.</summary>
    private const double LatestTime = 253_402_300_799;

    private readonly string _name;
    private readonly List<MemorySample> _samples = [];
    private readonly List<FunctionCall> _calls = [];
    private readonly List<int> _children = [];
    private readonly Dictionary<int, List<MemorySample>> _samplesOfChild = [];
    private string? _commandLine;
    private int _line;

    private MprofReader(string name) => _name = name;

    /// <param name="name">What the file is called, for messages.</param>
    /// <exception cref="CannotContinueException">It is no file of mprof, or a line of it is damaged.</exception>
    public static MprofProfile Read(Stream file, string name) => new MprofReader(name).ReadAll(file);

    private MprofProfile ReadAll(Stream file)
    {
        using var text = new StreamReader(file, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, 64 * 1024, leaveOpen: true);
        var line = new StringBuilder();
        while (TakeLine(text, line) is { } whole)
        {
            if (++_line > MostLines)
                throw Damaged($"it has more than {MostLines} lines");
            if (!whole)
                return Profile(cutOffLine: _line);
            ReadRecord(line.ToString().TrimEnd('\r'));
        }
        return Profile(cutOffLine: 0);
    }

    /// <returns>Whether the line has an end; null when there is none.</returns>
    private bool? TakeLine(StreamReader text, StringBuilder line)
    {
        line.Clear();
        while (text.Read() is >= 0 and var one)
        {
            if (one == '\n')
                return true;
            if (line.Length == LongestLine)
                throw Damaged($"line {_line + 1} is longer than {LongestLine} characters");
            line.Append((char)one);
        }
        return line.Length == 0 ? null : false;
    }

    private MprofProfile Profile(int cutOffLine)
    {
        if (_samples.Count == 0)
            throw new CannotContinueException($"'{_name}' holds no memory samples", "give a .dat file that 'mprof run' wrote; the program may have ended before the first sample");
        return new MprofProfile(_commandLine, _samples, _calls, [.. _children.Select(id => new ChildSamples(id, _samplesOfChild[id]))], cutOffLine);
    }

    private void ReadRecord(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        var field = blank < 0 ? line : line[..blank];
        var rest = blank < 0 ? "" : line[(blank + 1)..];
        switch (field)
        {
            case MprofLines.CommandLineField:
                _commandLine = rest;
                break;
            case MprofLines.MemoryField:
                ReadMemory(Words(rest));
                break;
            case MprofLines.ChildField:
                ReadChild(Words(rest));
                break;
            case MprofLines.FunctionField:
                ReadFunction(rest);
                break;
        }
    }

    private void ReadMemory(string[] words)
    {
        Expect(words.Length == 2, "MEM takes two numbers");
        if (words[0] is not ("-1" or "-1.000000")) // What memory_profiler's posix backend writes where it could not measure.
            _samples.Add(Sample(words[0], words[1]));
    }

    private void ReadChild(string[] words)
    {
        Expect(words.Length == 3 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out _), "CHLD takes a process id and two numbers");
        var child = int.Parse(words[0], NumberStyles.None, CultureInfo.InvariantCulture);
        if (!_samplesOfChild.TryGetValue(child, out var samples))
        {
            _samplesOfChild[child] = samples = [];
            _children.Add(child);
        }
        samples.Add(Sample(words[1], words[2]));
    }

    // A block's name ("with profile.timestamp('load the rows')") may hold blanks: numbers are taken from the end.
    private void ReadFunction(string rest)
    {
        var words = rest.Split(' ');
        var hasLevel = words.Length >= 6 && int.TryParse(words[^1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        var numbers = hasLevel ? 5 : 4;
        Expect(words.Length > numbers, "FUNC takes a name and four or five numbers");
        var at = words.Length - numbers;
        var start = Sample(words[at], words[at + 1]);
        var end = Sample(words[at + 2], words[at + 3]);
        Expect(end.Time >= start.Time, "the function ends before it begins");
        _calls.Add(new FunctionCall(
            string.Join(' ', words[..at]), start, end, hasLevel ? int.Parse(words[^1], NumberStyles.None, CultureInfo.InvariantCulture) : null));
    }

    private static string[] Words(string rest) => rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private MemorySample Sample(string memory, string time) =>
        new(Number(memory, MostMebiBytes, "an amount of memory in MiB"), Number(time, LatestTime, "a time in seconds since 1970"));

    private double Number(string word, double most, string what)
    {
        var parsed = double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value);
        Expect(parsed && value >= 0 && value <= most, $"'{Shown(word)}' is not {what}");
        return value;
    }

    private static string Shown(string word) => word.Length <= 40 ? word : word[..40] + "...";

    private void Expect(bool isSo, string what)
    {
        if (!isSo)
            throw Damaged($"line {_line}: {what}");
    }

    private CannotContinueException Damaged(string what) =>
        new($"'{_name}' is not a profile of mprof, or is damaged ({what})", "give a .dat file that 'mprof run' wrote");
}
