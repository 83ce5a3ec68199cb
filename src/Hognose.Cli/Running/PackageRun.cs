using System.Text;
using Hognose.Cli.Programs;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Running;

/// <summary>Runs a module of the Python package <c>hognose</c> in the user's Python, and ends as that ends.</summary>
internal static class PackageRun
{
    /// <summary>Its first argument is the module's name.</summary>
    private const string Code = """
        import importlib
        importlib.import_module(sys.argv.pop(1)).main()
        """;

    /// <param name="terminal">Is flushed first: the program prints to the same places.</param>
    /// <param name="python">The interpreter's path; null: the active virtualenv's, else python3 on PATH.</param>
    /// <param name="module">Has a function main without parameters, which reads sys.argv.</param>
    /// <param name="oursFirst">As in <see cref="PackageCode"/>.</param>
    /// <param name="options">Ours, before the program's own words.</param>
    /// <param name="words">The last of our own arguments.</param>
    public static int Run(Terminal terminal, string? python, string module, bool oursFirst, IReadOnlyList<string> options, IReadOnlyList<string> words)
    {
        var interpreter = PythonFinder.Find(python, Environment.GetEnvironmentVariable);
        string[] glue = [interpreter, .. PackageCode.Words(Code, oursFirst, [module, .. options])];
        terminal.Flush();
        return OwnEnding.Mirror(PlainRun.ToEnd(interpreter, [.. glue.Select(Encoding.UTF8.GetBytes), .. RawArguments.Tail(words)]));
    }
}
