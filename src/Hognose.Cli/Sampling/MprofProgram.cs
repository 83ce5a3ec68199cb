using System.Globalization;
using System.Text;
using Hognose.Cli.Programs;
using Hognose.Diagnostics;
using Hognose.Formats.Mprof;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Sampling;

/// <summary>How <c>mprof run</c> starts what it was given.</summary>
/// <param name="Words">The program's line as the profile names it.</param>
/// <param name="HasTimestamps">Python that lets its marked functions write down when they ran.</param>
/// <param name="Interpreter">null: the first word is the executable.</param>
internal sealed record MprofProgram(IReadOnlyList<string> Words, bool HasTimestamps, string? Interpreter)
{
    private const string ScriptSuffix = ".py";
    private const string InterpreterPrefix = "python";

    public string CommandLine => MprofLines.Joined(Words);

    /// <summary>A script runs by Python unless told otherwise; <paramref name="multiprocess"/> leaves out the functions' times, as mprof does.</summary>
    /// <exception cref="CannotContinueException">There is no interpreter.</exception>
    public static MprofProgram Of(IReadOnlyList<string> words, bool python, bool noPython, bool multiprocess)
    {
        var isScript = words[0].EndsWith(ScriptSuffix, StringComparison.Ordinal) && !noPython;
        var asPython = isScript ? !multiprocess : python;
        if (!isScript && !asPython)
            return new MprofProgram(words, HasTimestamps: false, Interpreter: null);
        if (Path.GetFileName(words[0]).StartsWith(InterpreterPrefix, StringComparison.Ordinal) && !isScript)
        {
            if (words.Count == 1)
                throw new CannotContinueException($"no program for '{words[0]}' to run", "name a script or a module after it");
            return new MprofProgram(words, asPython, PythonFinder.Find(words[0], Environment.GetEnvironmentVariable));
        }
        var interpreter = PythonFinder.Find(null, Environment.GetEnvironmentVariable);
        return new MprofProgram([interpreter, .. words], asPython, interpreter);
    }

    /// <param name="profile">The .dat file that functions' times go to.</param>
    /// <exception cref="CannotContinueException">It cannot be started.</exception>
    public LaunchedProgram Launch(string profile, bool includeChildren)
    {
        if (Interpreter is null)
            return PlainLauncher.Launch(Words[0], RawArguments.Tail(Words));
        var arguments = RawArguments.Tail([.. Words.Skip(1)]);
        if (!HasTimestamps)
            return PlainLauncher.Launch(Interpreter, [Encoding.UTF8.GetBytes(Words[0]), .. arguments]);
        CheckTarget();
        string[] ours = [Path.GetFullPath(profile), includeChildren ? "1" : "0"];
        var needsStandIns = Originals.AreMissing(PythonLine.Parse([.. Words.Skip(1)]), Interpreter);
        string[] glue = [Words[0], .. needsStandIns ? PackageCode.Words(FunctionTimes.Code, oursFirst: false, ours) : ["-c", FunctionTimes.Code, .. ours]];
        return PlainLauncher.Launch(Interpreter, [.. glue.Select(Encoding.UTF8.GetBytes), .. arguments]);
    }

    private void CheckTarget()
    {
        var target = Words[1];
        if (target.EndsWith(ScriptSuffix, StringComparison.Ordinal) && !File.Exists(target) && !IsOnPath(target))
            throw new CannotContinueException($"no script '{target}'", "check the path; it is taken from the current directory, then from PATH");
        if (target.StartsWith('-'))
            throw new CannotContinueException(string.Create(CultureInfo.InvariantCulture, $"'{target}' after the interpreter is neither a script nor a module"), "options of python need --nopython: 'hognose mprof run --nopython python3 -X dev app.py'");
    }

    private static bool IsOnPath(string script) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, script)));
}
