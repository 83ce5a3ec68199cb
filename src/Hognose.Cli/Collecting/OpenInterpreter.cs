using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Collecting;

/// <summary>The Python of a process that runs on, with the layout that fits it: read, never stopped.</summary>
internal sealed record OpenInterpreter(TargetProcess Process, PythonRuntime Python)
{
    /// <summary>Lists change while they are checked: a layout that fits does so at one of several instants.</summary>
    private const int MostTries = 50;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(4);

    /// <exception cref="CannotContinueException">The process can't be read, or isn't a Python that we know.</exception>
    public static OpenInterpreter Of(int processId, Limits limits)
    {
        var process = TargetProcess.Open(processId);
        var found = RunningPython.Find(process, limits, CancellationToken.None);
        for (var turn = 1; ; turn++)
        {
            try
            {
                return new OpenInterpreter(process, LayoutResolver.Resolve(process.Memory, found.Build, limits, new DiagnosticBag()));
            }
            catch (CannotContinueException) when (turn < MostTries && process.IsStillThere())
            {
                Thread.Sleep(BetweenTries);
            }
        }
    }
}
