using Xunit;

namespace Hognose.Testing;

/// <summary>
/// Every CPython that can be found: pyenv's, the system's, those that tools/debian-pythons.sh unpacked, and whatever
/// HOGNOSE_TEST_PYTHONS names (executables separated by colons, which win over the others).
/// </summary>
public static class Interpreters
{
    private const string StaticSuffix = " static";
    private const string HowToFetch = "tools/debian-pythons.sh --refused unpacks one";

    private static readonly Lazy<IReadOnlyList<Interpreter>> Found = new(Look);

    /// <summary>All of them, also those that Hognose refuses, best first: of two with the same minor version the first serves the theories.</summary>
    public static IReadOnlyList<Interpreter> All => Found.Value;

    /// <summary>The oldest, a middle and the newest supported interpreter that is there: for tests too slow to run on all.</summary>
    public static IReadOnlyList<Interpreter> Spread
    {
        get
        {
            var supported = AllInterpreters.Minors.Select(TryFind).OfType<Interpreter>().ToList();
            return supported.Count < 3 ? supported : [supported[0], supported[supported.Count / 2], supported[^1]];
        }
    }

    /// <summary>The interpreter named "3.11" or "3.11 static"; skips the running test, with the reason, where there is none.</summary>
    public static Interpreter Find(string name) =>
        TryFind(name) ?? throw Missing($"CPython {name}", InterpretersOfCi.Includes(name.Split(' ')[0]));

    /// <summary>The newest interpreter of that form; skips the running test where there is none.</summary>
    public static Interpreter Find(InterpreterForm form) =>
        All.Where(each => each.IsSupported && each.Form == form).MaxBy(each => each.Version)
            ?? throw Missing($"CPython {form}", form != InterpreterForm.SharedLibrary);

    /// <summary>An interpreter that Hognose refuses; skips the running test where there is none.</summary>
    public static Interpreter FindUnsupported(Version version) =>
        All.FirstOrDefault(each => !each.IsSupported && each.Minor == $"{version.Major}.{version.Minor}") ?? throw Missing($"Python {version}", false);

    /// <summary>A debug build, which Hognose refuses; skips the running test where there is none.</summary>
    public static Interpreter DebugBuild => All.FirstOrDefault(each => each.IsDebugBuild) ?? throw Missing($"A debug build ({HowToFetch})", true);

    /// <summary>A free-threaded build, which Hognose refuses; skips the running test where there is none. No script of ours fetches one.</summary>
    public static Interpreter FreeThreaded => All.FirstOrDefault(each => each.IsFreeThreaded) ?? throw Missing("A free-threaded build (HOGNOSE_TEST_PYTHONS names one)", false);

    /// <summary>The executable of a PyPy, which Hognose refuses; skips the running test where there is none.</summary>
    public static string PyPy => InCache("pypy3*").FirstOrDefault(each => !each.EndsWith("-loader", StringComparison.Ordinal)) ?? throw Missing($"PyPy ({HowToFetch})", true);

    /// <summary>Any supported interpreter: for tests where the version plays no part.</summary>
    public static Interpreter Any => All.FirstOrDefault(each => each.IsSupported) ?? throw Missing("any CPython from 3.8 on", true);

    private static Interpreter? TryFind(string name)
    {
        var supported = All.Where(each => each.IsSupported && each.Form != InterpreterForm.ThroughLoader);
        return name.EndsWith(StaticSuffix, StringComparison.Ordinal)
            ? supported.FirstOrDefault(each => each.Form == InterpreterForm.StaticExecutable && each.Minor == name[..^StaticSuffix.Length])
            : supported.FirstOrDefault(each => each.Minor == name);
    }

    private static InvalidOperationException Missing(string what, bool isInstalledByCi)
    {
        if (isInstalledByCi && InterpretersOfCi.IsCi)
            Assert.Fail($"{what} is missing although .ci/run installs it");
        Assert.Skip($"{what} is not on this machine");
        return new InvalidOperationException();
    }

    private static List<Interpreter> Look() =>
        [.. Candidates().Distinct().AsParallel().AsOrdered().Select(InterpreterProbe.Ask).OfType<Interpreter>()];

    private static IEnumerable<string> Candidates()
    {
        foreach (var named in (Environment.GetEnvironmentVariable("HOGNOSE_TEST_PYTHONS") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return named;
        foreach (var version in Folders(Path.Combine(Home, ".pyenv", "versions")))
        {
            var executable = Path.Combine(version, "bin", "python3");
            yield return File.Exists(executable) ? executable : Path.Combine(version, "bin", "python");
        }
        yield return "/usr/bin/python3";
        foreach (var executable in InCache("python3.*"))
            yield return executable;
    }

    private static IEnumerable<string> InCache(string pattern)
    {
        var cache = Environment.GetEnvironmentVariable("HOGNOSE_PYTHONS") ?? Path.Combine(CacheHome, "hognose", "pythons");
        return Directory.Exists(cache) ? Directory.GetFiles(cache, pattern).Order(StringComparer.Ordinal) : [];
    }

    private static string Home => Environment.GetEnvironmentVariable("HOME") ?? "/root";

    private static string CacheHome => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Home, ".cache");

    private static IEnumerable<string> Folders(string path) =>
        Directory.Exists(path) ? Directory.GetDirectories(path).Order(StringComparer.Ordinal) : [];
}
