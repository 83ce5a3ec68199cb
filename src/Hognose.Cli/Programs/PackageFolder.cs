namespace Hognose.Cli.Programs;

/// <summary>
/// The Python package that belongs to this tool, for interpreters that have none installed: its one library serves every version. In a wheel's
/// environment PREFIX/lib/python3.X/site-packages beside PREFIX/bin; in a build tree what HOGNOSE_PACKAGE names.
/// </summary>
internal static class PackageFolder
{
    public const string PathVariable = "HOGNOSE_PACKAGE";

    /// <summary>A folder to import it from; null: the interpreter must have it itself.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
            return named;
        var libraries = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../lib"));
        return Directory.Exists(libraries) ? Directory.EnumerateDirectories(libraries, "python3.*").Select(Packages).FirstOrDefault(HasPackage) : null;
    }

    private static string Packages(string library) => Path.Combine(library, "site-packages");

    private static bool HasPackage(string folder) => File.Exists(Path.Combine(folder, "hognose", "_hognose.so"));
}
