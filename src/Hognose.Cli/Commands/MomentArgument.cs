using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Reports.Terminal;

namespace Hognose.Cli.Commands;

/// <summary>
/// A moment of a recording as people write it: seconds since it began, or with ms, s, m or h; or the name that it was given ('hognose mark'); or its end.
/// </summary>
internal static class MomentArgument
{
    private const string EndName = "end";

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)];

    /// <param name="option">For messages.</param>
    /// <param name="text">Null: none is given.</param>
    /// <param name="marks">Of the recording; asked for only when a name is given.</param>
    /// <returns>Nanoseconds; null where none is given.</returns>
    /// <exception cref="CannotContinueException">It is no moment.</exception>
    public static long? Parse(string option, string? text, Func<IReadOnlyList<RecordingMark>> marks)
    {
        if (text is null)
            return null;
        return TryParse(text, out var nanoseconds) ? nanoseconds : Named(option, text, marks());
    }

    /// <summary>A number of seconds, or with a unit.</summary>
    public static bool TryParse(string text, out long nanoseconds)
    {
        const double most = 1e9; // Seconds: 30 years.
        var (unit, factor) = Array.Find(Units, one => text.EndsWith(one.Unit, StringComparison.Ordinal));
        var isMoment = double.TryParse(unit is null ? text : text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
        var seconds = value * (unit is null ? 1 : factor);
        nanoseconds = isMoment && seconds <= most ? (long)(seconds * 1e9) : 0;
        return isMoment && seconds <= most;
    }

    /// <summary>"12.5 s", "'warmed up' (12.5 s)".</summary>
    public static string Words(string text, long nanoseconds)
    {
        if (nanoseconds == RecordingMoments.End)
            return "the very end, when Python's shutdown was over, too";
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.###} s");
        return TryParse(text, out _) ? seconds : $"'{Names.Printable(text)}' ({seconds})";
    }

    /// <summary>NAME is the last mark of that name, NAME#2 the second.</summary>
    private static long Named(string option, string text, IReadOnlyList<RecordingMark> marks)
    {
        var named = marks.Where(mark => mark.Name == text).ToList();
        if (named.Count > 0)
            return named[^1].Nanoseconds;
        var number = text.LastIndexOf('#');
        if (number > 0 && int.TryParse(text.AsSpan(number + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var nth) && nth > 0)
            named = [.. marks.Where(mark => mark.Name == text[..number]).Skip(nth - 1)];
        if (named.Count == 0 && text == EndName)
            return RecordingMoments.End;
        return named.Count > 0 ? named[0].Nanoseconds : throw new CannotContinueException($"'{text}' is no moment for {option}, and no mark of the recording", Known(marks));
    }

    private static string Known(IReadOnlyList<RecordingMark> marks)
    {
        const int most = 5;
        var names = marks.Select(mark => mark.Name).Distinct().ToList();
        return names.Count == 0
            ? "give seconds since the recording began, or a number with ms, s, m or h: 12.5, 300ms, 2m"
            : $"it has {string.Join(", ", names.Take(most).Select(name => $"'{Names.Printable(name)}'"))}{(names.Count > most ? " ..." : "")}; or give seconds since it began: 12.5, 300ms, 2m";
    }
}
