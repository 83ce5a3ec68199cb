using System.Runtime.InteropServices;
using Hognose.Diagnostics;

namespace Hognose.Cli.Programs;

/// <summary>Which interpreter runs the program: the one asked for, the active virtualenv's, or the first on PATH.</summary>
internal static class PythonFinder
{
    private const int Executable = 1; // X_OK

    /// <param name="asked">The value of --python; null when not given.</param>
    /// <param name="environment">Value of a variable, or null.</param>
    /// <returns>A path to execute.</returns>
    /// <exception cref="CannotContinueException">There is none, or it cannot be executed.</exception>
    public static string Find(string? asked, Func<string, string?> environment)
    {
        if (asked is not null)
            return Asked(asked, environment("PATH"));
        if (environment("VIRTUAL_ENV") is { Length: > 0 } virtualEnvironment)
        {
            var python = Path.Combine(virtualEnvironment, "bin", "python");
            if (IsExecutable(python))
                return python;
            throw new CannotContinueException($"the active virtualenv has no python that runs ('{python}')", "leave it ('deactivate') or choose one with --python EXE");
        }
        return OnPath("python3", environment("PATH")) ?? OnPath("python", environment("PATH"))
            ?? throw new CannotContinueException("no python3 on PATH", "install Python, or choose one with --python EXE");
    }

    private static string Asked(string asked, string? path)
    {
        if (!asked.Contains('/', StringComparison.Ordinal))
            return OnPath(asked, path) ?? throw new CannotContinueException($"no '{asked}' on PATH", "give --python the path of an interpreter");
        if (Directory.Exists(asked))
            throw new CannotContinueException($"'{asked}' is a folder", "give --python the path of an interpreter, as in --python venv/bin/python");
        if (!File.Exists(asked))
            throw new CannotContinueException($"no interpreter '{asked}'", "give --python the path of one");
        if (!IsExecutable(asked))
            throw new CannotContinueException($"'{asked}' cannot be executed", "give --python the path of an interpreter");
        return InterpreterFile.Look(asked) switch
        {
            InterpreterFile.Kind.NoPython => throw new CannotContinueException($"'{asked}' is no Python interpreter", "give --python the path of one, as in --python venv/bin/python"),
            InterpreterFile.Kind.TooOld => throw new CannotContinueException($"'{asked}' is a Python from before 3.5, which is not supported", "give a CPython of 3.8 to 3.15 with --python"),
            _ => asked,
        };
    }

    private static string? OnPath(string name, string? path)
    {
        foreach (var folder in (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var candidate = Path.Combine(folder, name);
            if (IsExecutable(candidate))
                return candidate;
        }
        return null;
    }

    private static bool IsExecutable(string path) => File.Exists(path) && Access(path, Executable) == 0;

    [DllImport("libc", EntryPoint = "access")]
    private static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);
}
