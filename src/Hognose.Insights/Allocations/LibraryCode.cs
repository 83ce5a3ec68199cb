namespace Hognose.Insights.Allocations;

/// <summary>Is a file the program's own, or of the standard library or an installed package? Told by its path alone.</summary>
public static class LibraryCode
{
    /// <param name="outermost">The frame has no caller: "&lt;string&gt;" is then the code of "python -c", elsewhere what an exec was given (a .pth
    /// file's line, a namedtuple).</param>
    public static bool Holds(string file, bool outermost) =>
        file.StartsWith('<') // <frozen importlib._bootstrap>, <__array_function__ internals>
            ? !(outermost && file is "<string>" or "<stdin>")
            : PackageStart(file) > 0;

    /// <summary>Our package's code that runs a program: what stands further out is ours and no caller of the program's.</summary>
    public static bool IsLauncher(string file) => file.EndsWith("/hognose/_running.py", StringComparison.Ordinal);

    /// <summary>Where the path inside the library begins ("json/decoder.py"); 0 when the file is the program's own.</summary>
    public static int PackageStart(string file)
    {
        foreach (var folder in (ReadOnlySpan<string>)["/site-packages/", "/dist-packages/"])
            if (file.LastIndexOf(folder, StringComparison.Ordinal) is >= 0 and var at)
                return at + folder.Length;
        return StandardLibraryStart(file);
    }

    // .../lib/python3.11/json/decoder.py, also lib64 and python311.zip's parent.
    private static int StandardLibraryStart(string file)
    {
        const string Python = "/python3";
        var at = file.LastIndexOf(Python, StringComparison.Ordinal);
        if (at < 0 || !(file.AsSpan(0, at).EndsWith("/lib") || file.AsSpan(0, at).EndsWith("/lib64")))
            return 0;
        var slash = file.IndexOf('/', at + Python.Length);
        return slash < 0 ? 0 : slash + 1;
    }
}
