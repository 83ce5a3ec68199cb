using System.Diagnostics.CodeAnalysis;
using Hognose.CPython.Versions;
using Hognose.Diagnostics;

namespace Hognose.CPython.Layouts;

/// <summary>
/// Which layout serves which target, and which targets none serves: the one place that compares versions for the sake of layouts.
/// </summary>
/// <param name="Target">The version that runs.</param>
/// <param name="Layout">Its own table, or another micro release's.</param>
public sealed record LayoutChoice(PythonVersion Target, CPythonLayout Layout)
{
    private const uint CandidateLevel = 0xC;
    private static readonly PythonVersion First = new(3, 8, 0);

    public bool IsExact => Layout.Version == Target;

    /// <summary>What a report says of a table that is not the target's own; empty when it is.</summary>
    public string Notice => IsExact ? "" : $"no layout table for Python {Target}: {Layout.Version}'s is used";

    /// <summary>
    /// The tables worth trying, best first: the target's own; else the nearest micro release of the same minor version before it, then the
    /// nearest after it, and so on. Which of them fits, only the target's memory can tell (LayoutResolver asks it).
    /// </summary>
    /// <exception cref="CannotContinueException">No table serves the version.</exception>
    public static IReadOnlyList<LayoutChoice> Candidates(PythonVersion target)
    {
        if (!TryRefuse(target, out var problem, out var remedy))
            return [.. CPythonLayout.All.Where(layout => layout.Version.IsSameMinorAs(target)).OrderBy(layout => Distance(layout.Version, target)).Select(layout => new LayoutChoice(target, layout))];
        throw new CannotContinueException(problem, remedy);
    }

    /// <summary>The first of <see cref="Candidates"/>.</summary>
    /// <exception cref="CannotContinueException">No table serves the version.</exception>
    public static LayoutChoice Select(PythonVersion target) => Candidates(target)[0];

    /// <summary>Whether the version cannot be served, with the reason and what the user can do.</summary>
    public static bool TryRefuse(PythonVersion target, [NotNullWhen(true)] out string? problem, out string remedy)
    {
        var last = CPythonLayout.All[^1].Version;
        var range = $"Hognose reads CPython {First.Major}.{First.Minor} to {last.Major}.{last.Minor}";
        remedy = $"run the program with one of these, or look for a newer Hognose";
        problem = null;
        if (target < First)
            problem = $"this is Python {target}, and {range}";
        else if (!CPythonLayout.All.Any(layout => layout.Version.IsSameMinorAs(target)))
            problem = $"Python {target} is newer than this Hognose: {range}";
        else if (((target.Hex >> 4) & 0xF) < CandidateLevel)
            problem = $"Python {target} is an alpha or beta, whose structs still change: {range}, from the first release candidate on";
        return problem is not null;
    }

    /// <summary>Micro releases apart; of two equally far the earlier wins, since fields are added more often than taken.</summary>
    private static int Distance(PythonVersion table, PythonVersion target)
    {
        var apart = table.Micro - target.Micro;
        return apart == 0 ? 0 : apart < 0 ? -2 * apart - 1 : 2 * apart;
    }
}
