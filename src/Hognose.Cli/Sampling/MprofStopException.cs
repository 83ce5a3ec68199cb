using Hognose.Diagnostics;

namespace Hognose.Cli.Sampling;

/// <summary>Where mprof itself ends with a status of its own rather than with Python's for an exception, we end with the same.</summary>
internal sealed class MprofStopException(string problem, string remedy, int status) : CannotContinueException(problem, remedy)
{
    /// <summary>Nothing was named to work on: no command, no program, no profile.</summary>
    public const int NothingNamed = 1;

    /// <summary>There are no profiles: Python's sys.exit(-1).</summary>
    public const int NoInput = 255;

    public override int ExitStatus => status;
}
