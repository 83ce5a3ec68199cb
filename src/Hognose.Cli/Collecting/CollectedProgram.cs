using System.Globalization;
using Hognose.Cli.Programs;
using Hognose.Diagnostics;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Collecting;

/// <summary>A program that runs with <c>hognose.gc.debug()</c> on.</summary>
internal static class CollectedProgram
{
    private const string Code = """
        from hognose import _collected
        sys.exit(_collected.run(sys.argv[2:], int(sys.argv[1])))
        """;

    /// <returns>The program's exit status; a signal that ended it ends us.</returns>
    /// <exception cref="CannotContinueException">It cannot be started.</exception>
    public static int Run(string? asked, string[] program, int generation, bool oursFirst)
    {
        var line = PythonLine.Parse(program);
        line.CheckScript();
        var python = PythonFinder.Find(asked, Environment.GetEnvironmentVariable);
        var words = PackageCode.Words(Code, oursFirst, generation.ToString(CultureInfo.InvariantCulture));
        return OwnEnding.Mirror(PlainRun.ToEnd(python, PackageCode.Around(line, python, words)));
    }
}
