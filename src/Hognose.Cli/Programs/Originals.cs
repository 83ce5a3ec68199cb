using System.Text;
using System.Text.RegularExpressions;

namespace Hognose.Cli.Programs;

/// <summary>The packages that Hognose has stand-ins for: whether a program imports one that its Python lacks.</summary>
internal static partial class Originals
{
    private const int LongestScript = 4 << 20; // Bytes.
    private const int Missing = 77;            // Exit status of the code below; Python's own are 0, 1, 2 and 120.

    private const string Question = """
        import sys
        from importlib.util import find_spec
        sys.path[0] = sys.argv[1]
        found = [find_spec(name) for name in sys.argv[2:]]
        sys.exit(77 if any(spec is None or spec.origin is None for spec in found) else 0)
        """;

    /// <summary>
    /// The script or code is looked at before it runs, and only where it names one is its Python asked, in a process of its own: all other programs
    /// run exactly as without us. What only its modules import is not seen.
    /// </summary>
    public static bool AreMissing(PythonLine line, string python)
    {
        var names = Import().Matches(TextOf(line)).Select(match => match.Groups[1].Value).Distinct().ToList();
        if (names.Count == 0)
            return false;
        var folder = line.Script is null ? "" : Path.GetDirectoryName(Path.GetFullPath(line.Script)) ?? "/";
        string[] words = [python, .. line.Arguments.Take(line.Start), "-c", Question, folder, .. names];
        return PlainRun.ToEnd(python, [.. words.Select(Encoding.UTF8.GetBytes)]).ExitStatus == Missing;
    }

    private static string TextOf(PythonLine line)
    {
        try
        {
            return line.Script is null ? string.Join('\n', line.Arguments.Skip(line.Start))
                : File.Exists(line.Script) && new FileInfo(line.Script).Length <= LongestScript ? File.ReadAllText(line.Script, Encoding.Latin1)
                : "";
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return ""; // Python will say what is wrong with it.
        }
    }

    [GeneratedRegex(@"^[ \t]*(?:-c[ \t]*)?(?:import|from)[ \t]+[\w \t,.]*\b(memory_profiler|mprof|pympler)\b", RegexOptions.Multiline)]
    private static partial Regex Import();
}
