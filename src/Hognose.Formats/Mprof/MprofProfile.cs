namespace Hognose.Formats.Mprof;

/// <summary>How much memory a process had at one moment.</summary>
/// <param name="MebiBytes">In MiB (1,048,576 bytes), as the file says it: with six decimals, which is a byte or so.</param>
/// <param name="Time">Seconds since 1970-01-01 UTC.</param>
public readonly record struct MemorySample(double MebiBytes, double Time);

/// <summary>One call of a function that the program had marked.</summary>
/// <param name="Function">"module.name".</param>
/// <param name="Level">0 for a call from outside marked functions, one more for each marked caller; null where the file doesn't say (before 0.55).</param>
public sealed record FunctionCall(string Function, MemorySample Start, MemorySample End, int? Level)
{
    public double Seconds => End.Time - Start.Time;
}

/// <summary>What was sampled of one child process.</summary>
public sealed record ChildSamples(int ProcessId, IReadOnlyList<MemorySample> Samples);

/// <summary>A <c>.dat</c> file of mprof: memory over time, of a program, its children and its marked functions.</summary>
/// <param name="CommandLine">What ran, for people; null where the file doesn't say.</param>
/// <param name="Samples">In the order of the file.</param>
/// <param name="Calls">In the order of the file, which is by function.</param>
/// <param name="Children">In the order in which they first appear.</param>
/// <param name="CutOffLine">Number of the last line when its end is missing: it was left out. 0 when the file is whole.</param>
public sealed record MprofProfile(
    string? CommandLine,
    IReadOnlyList<MemorySample> Samples,
    IReadOnlyList<FunctionCall> Calls,
    IReadOnlyList<ChildSamples> Children,
    int CutOffLine);
