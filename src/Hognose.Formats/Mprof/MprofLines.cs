using System.Globalization;

namespace Hognose.Formats.Mprof;

/// <summary>The lines of a <c>.dat</c> file as mprof writes them, each with its end. docs/formats/mprof-dat.md has the grammar.</summary>
public static class MprofLines
{
    internal const string CommandLineField = "CMDLINE";
    internal const string MemoryField = "MEM";
    internal const string ChildField = "CHLD";
    internal const string FunctionField = "FUNC";

    /// <param name="commandLine">Line breaks in it would begin a new record: they become blanks.</param>
    public static string CommandLine(string commandLine) =>
        $"{CommandLineField} {string.Concat(commandLine.Select(one => char.IsControl(one) ? ' ' : one))}\n";

    public static string Memory(MemorySample sample) => Invariant($"{MemoryField} {sample.MebiBytes:F6} {sample.Time:F4}\n");

    public static string Child(int processId, MemorySample sample) =>
        Invariant($"{ChildField} {processId} {sample.MebiBytes:F6} {sample.Time:F4}\n");

    /// <summary>Words as mprof joins them: one with a blank in it stands in quotes, quotes in it are left alone.</summary>
    public static string Joined(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => word.AsSpan().ContainsAny(' ', '\t') ? $"'{word}'" : word));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
