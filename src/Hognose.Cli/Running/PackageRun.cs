using System.Text;
using Hognose.Cli.Programs;
using Hognose.Targets.Launch;
using Hognose.Targets.Sampling;

namespace Hognose.Cli.Running;

/// <summary>Runs a module of the Python package <c>hognose</c> in the user's Python, and ends as that ends.</summary>
internal static class PackageRun
{
    /// <summary>Its first argument is the module's name. A Python without the package is told in one line.</summary>
    private const string Glue = """
        import sys
        try:
            import hognose
        except ImportError as trouble:
            sys.stderr.write("hognose: %s cannot import the package hognose (%s): install the wheel there, or choose another Python by its virtualenv\n" % (sys.executable, trouble))
            sys.exit(2)
        import importlib
        name = sys.argv.pop(1)
        importlib.import_module(name).main()
        """;

    /// <param name="terminal">Is flushed first: the program prints to the same places.</param>
    /// <param name="python">The interpreter's path; null: the active virtualenv's, else python3 on PATH.</param>
    /// <param name="module">Has a function main without parameters, which reads sys.argv.</param>
    /// <param name="options">Ours, before the program's own words.</param>
    /// <param name="words">The last of our own arguments.</param>
    public static int Run(Terminal terminal, string? python, string module, IReadOnlyList<string> options, IReadOnlyList<string> words)
    {
        var interpreter = PythonFinder.Find(python, Environment.GetEnvironmentVariable);
        string[] glue = [interpreter, "-c", Glue, module, .. options];
        terminal.Flush();
        using var signals = new SignalForwarding();
        var launched = PlainLauncher.Launch(interpreter, [.. glue.Select(Encoding.UTF8.GetBytes), .. RawArguments.Tail(words)]);
        signals.Begin(launched);
        ProgramExit exit;
        using (var end = new ProcessEnd(launched.ProcessId))
            while (!launched.TryWait(out exit))
                end.WaitFor(TimeSpan.FromSeconds(0.1));
        signals.End();
        return OwnEnding.Mirror(exit);
    }
}
