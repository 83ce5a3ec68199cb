using System.Globalization;
using System.Text;
using Hognose.Cli.Programs;
using Hognose.Diagnostics;
using Hognose.Targets.Launch;
using Hognose.Targets.Sampling;

namespace Hognose.Cli.Collecting;

/// <summary>A program that runs with <c>hognose.gc.debug()</c> on.</summary>
internal static class CollectedProgram
{
    private const string Resource = "Hognose.Cli.Collecting.collected.py";

    /// <summary>Only where the kernel cannot tell of the end: pidfd is younger than Linux 5.3.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <returns>The program's exit status; a signal that ended it ends us.</returns>
    /// <exception cref="CannotContinueException">It cannot be started.</exception>
    public static int Run(string? asked, string[] program, int generation)
    {
        var line = PythonLine.Parse(program);
        line.CheckScript();
        var python = PythonFinder.Find(asked, Environment.GetEnvironmentVariable);
        var options = program[..line.Start];
        string[] ours = ["-c", Code(), PackageFolder.Find() ?? "", generation.ToString(CultureInfo.InvariantCulture)];
        var raw = RawArguments.Tail(program);
        using var signals = new SignalForwarding();
        var launched = PlainLauncher.Launch(python, [Encoding.UTF8.GetBytes(python), .. raw.Take(options.Length), .. ours.Select(Encoding.UTF8.GetBytes), .. raw.Skip(options.Length)]);
        signals.Begin(launched);
        ProgramExit exit;
        using (var end = new ProcessEnd(launched.ProcessId))
            while (!launched.TryWait(out exit))
                _ = end.WaitFor(BetweenLooks);
        signals.End();
        return OwnEnding.Mirror(exit);
    }

    private static string Code()
    {
        using var text = new StreamReader(typeof(CollectedProgram).Assembly.GetManifestResourceStream(Resource)!);
        return text.ReadToEnd();
    }
}
