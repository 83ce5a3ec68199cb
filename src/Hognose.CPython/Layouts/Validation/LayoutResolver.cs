using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Layouts.Validation;

/// <summary>
/// Finds the layout that fits a target: its own table, else the nearest micro release's that validates; then what the target says of itself
/// (<c>_Py_DebugOffsets</c>) is laid over it, and structures of the target are read through the result before anybody else does.
/// </summary>
/// <remarks>
/// Diagnostics: HG0301 a table of another micro release is used; HG0302 a number of the target wins over ours.
/// </remarks>
public static class LayoutResolver
{
    public const string OtherTable = "HG0301";
    public const string TargetWins = "HG0302";

    /// <param name="memory">The target, standing still, or a copy of it.</param>
    /// <exception cref="CannotContinueException">No table serves the version, or none fits the target's memory.</exception>
    public static PythonRuntime Resolve(IMemoryReader memory, PythonBuild build, Limits limits, DiagnosticBag diagnostics)
    {
        var trials = new List<Trial>();
        foreach (var choice in LayoutChoice.Candidates(build.Version))
        {
            var trial = Try(memory, build, choice, limits);
            if (trial.Misfits == 0)
                return Report(trial, diagnostics);
            trials.Add(trial);
        }
        var best = trials.Where(trial => trial.Findings.Failures.Count == 0).MinBy(trial => trial.Contradictions.Count);
        return best is not null ? Report(best, diagnostics) : throw Refusal(trials[0]);
    }

    private static Trial Try(IMemoryReader memory, PythonBuild build, LayoutChoice choice, Limits limits)
    {
        var offsets = DebugOffsets.Read(memory, build.Runtime, choice.Layout);
        if (offsets?.TryFindDamage() is { } damage)
            return new Trial(choice, new PythonRuntime(build, choice.Layout), [], new LayoutFindings([damage], 0));
        IReadOnlyList<Contradiction> contradictions = [.. offsets?.Contradictions() ?? []];
        var layout = contradictions.Count == 0
            ? choice.Layout
            : choice.Layout.With(contradictions.Select(each => KeyValuePair.Create(each.Name, each.Theirs)));
        var runtime = new PythonRuntime(build, layout);
        return new Trial(choice, runtime, contradictions, new LayoutValidator(memory, limits).Check(runtime));
    }

    private static PythonRuntime Report(Trial trial, DiagnosticBag diagnostics)
    {
        if (!trial.Choice.IsExact)
            diagnostics.Add(OtherTable, $"{trial.Choice.Notice}, checked against the target ({Evidence(trial)})");
        foreach (var contradiction in trial.Contradictions)
            diagnostics.Add(TargetWins, $"{contradiction}: the target's is used");
        return trial.Runtime;
    }

    private static string Evidence(Trial trial) => trial.Findings.TypesCompared == 0
        ? "its interpreters and threads"
        : $"its interpreters, threads, collector and the sizes of {trial.Findings.TypesCompared} types";

    private static CannotContinueException Refusal(Trial trial)
    {
        var name = trial.Choice.IsExact ? $"our layout of Python {trial.Choice.Target}" : $"none of our layouts fits this Python {trial.Choice.Target}: {trial.Choice.Layout.Version}'s";
        return new CannotContinueException(
            $"{name} does not fit the process ({trial.Findings.Failures[0]})",
            "is the interpreter patched or embedded in an unusual way? report it with the interpreter's version and where it comes from");
    }

    private sealed record Trial(LayoutChoice Choice, PythonRuntime Runtime, IReadOnlyList<Contradiction> Contradictions, LayoutFindings Findings)
    {
        public int Misfits => Findings.Failures.Count + Contradictions.Count;
    }
}
