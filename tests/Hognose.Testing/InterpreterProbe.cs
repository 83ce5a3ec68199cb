using System.Diagnostics;

namespace Hognose.Testing;

/// <summary>Asks an executable what it is, in words that every Python from 2.7 on understands.</summary>
internal static class InterpreterProbe
{
    private const string Question =
        "import sys, platform, sysconfig as s; " +
        "print('%d.%d.%d %s %d %d %d' % (sys.version_info[:3] + (platform.python_implementation(), " +
        "bool(s.get_config_var('Py_ENABLE_SHARED')), bool(s.get_config_var('Py_GIL_DISABLED')), hasattr(sys, 'gettotalrefcount'))))";

    public static Interpreter? Ask(string executable)
    {
        if (!File.Exists(executable))
            return null;
        var start = new ProcessStartInfo(executable, ["-E", "-s", "-c", Question]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        var answer = process.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries);
        process.WaitForExit();
        return process.ExitCode == 0 && answer.Length == 5 && answer[1] == "CPython" ? Decode(executable, answer) : null;
    }

    private static Interpreter Decode(string executable, string[] answer)
    {
        var form = executable.EndsWith("-loader", StringComparison.Ordinal) ? InterpreterForm.ThroughLoader
            : answer[2] == "1" && LinksLibrary(executable) ? InterpreterForm.SharedLibrary
            : InterpreterForm.StaticExecutable;
        return new Interpreter(executable, System.Version.Parse(answer[0]), form, answer[3] == "1", answer[4] == "1");
    }

    // Debian configures with --enable-shared yet links its executable statically: the size tells (5 MB and more against some 20 KB).
    private static bool LinksLibrary(string executable)
    {
        var file = new FileInfo(executable);
        return ((file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo) ?? file).Length < 1_000_000;
    }
}
