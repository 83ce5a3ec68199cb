using System.Text;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Programs;

/// <summary>
/// Lines of Python, for <c>python -c</c>, that import the package and do something with it; and the arguments for them. The interpreter needs no
/// package of its own.
/// </summary>
internal static class PackageCode
{
    private const string Resource = "Hognose.Cli.Programs.import_package.py";

    /// <param name="then">What is done: finds its own arguments in sys.argv[1:].</param>
    /// <param name="oursFirst">Our stand-ins for memory_profiler, mprof and pympler come before originals that are installed.</param>
    /// <param name="ours">Arguments for it.</param>
    public static string[] Words(string then, bool oursFirst, params IEnumerable<string> ours) =>
        ["-c", Begin() + then, PackageFolder.Find() ?? "", oursFirst ? "first" : "last", .. ours];

    /// <summary>A program's line with such code before the program and behind options of the interpreter's; raw, since file names need not be text.</summary>
    public static IReadOnlyList<byte[]> Around(PythonLine line, string python, IEnumerable<string> words)
    {
        var raw = RawArguments.Tail(line.Arguments);
        return [Encoding.UTF8.GetBytes(python), .. raw.Take(line.Start), .. words.Select(Encoding.UTF8.GetBytes), .. raw.Skip(line.Start)];
    }

    private static string Begin()
    {
        using var text = new StreamReader(typeof(PackageCode).Assembly.GetManifestResourceStream(Resource)!);
        return text.ReadToEnd();
    }
}
