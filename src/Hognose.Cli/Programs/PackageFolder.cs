using Hognose.Diagnostics;

namespace Hognose.Cli.Programs;

/// <summary>
/// The Python package that belongs to this tool, for interpreters that have none installed: its one library serves every version. In a wheel's
/// environment PREFIX/lib/python3.X/site-packages beside PREFIX/bin; in a checkout of the sources its script makes it on first need.
/// </summary>
internal static class PackageFolder
{
    private const string Script = "hognose";

    /// <summary>Where the script puts what it makes.</summary>
    private const string InCheckout = ".cache/prefix/lib/python3/site-packages";

    /// <summary>A folder to import it from; null: the interpreter must have it itself.</summary>
    /// <exception cref="CannotContinueException">It could not be made.</exception>
    public static string? Find() => Installed(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../lib"))) ?? OfCheckout();

    private static string? Installed(string libraries) =>
        Directory.Exists(libraries) ? Directory.EnumerateDirectories(libraries, "python3*").SelectMany(Packages).FirstOrDefault(HasPackage) : null;

    // Debian's Python calls the folder of what pip installs for all users otherwise.
    private static string[] Packages(string library) => [Path.Combine(library, "site-packages"), Path.Combine(library, "dist-packages")];

    private static bool HasPackage(string folder) => File.Exists(Path.Combine(folder, "hognose", "_hognose.so"));

    private static string? OfCheckout()
    {
        var root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../.."));
        if (!File.Exists(Path.Combine(root, Script)) || !Directory.Exists(Path.Combine(root, "python", "hognose")))
            return null;
        var made = PlainRun.ToEnd(Path.Combine(root, Script), [[.. "hognose"u8], [.. "package"u8]]);
        return made.Signal == 0 && made.ExitStatus == 0
            ? Path.Combine(root, InCheckout)
            : throw new CannotContinueException("the Python package could not be made", "see above; it is made from the sources when it is needed first");
    }
}
