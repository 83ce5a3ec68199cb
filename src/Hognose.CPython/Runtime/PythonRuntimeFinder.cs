using System.Globalization;
using System.Text.RegularExpressions;
using Hognose.CPython.Layouts;
using Hognose.CPython.Versions;
using Hognose.Diagnostics;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Runtime;

/// <summary>Finds the CPython in a process and its exact version, or says why there is none that we can read.</summary>
public static partial class PythonRuntimeFinder
{
    /// <exception cref="CannotContinueException">Not Python, or one that we don't support.</exception>
    public static PythonBuild Find(ITarget process, Limits limits)
    {
        var images = LoadedImage.Find(process.ReadMappings(limits));
        UnsupportedPython.RefusePyPy(process, images);
        var builds = new RuntimeSearch(process, images).Find().Select(candidate => Describe(process, candidate)).OfType<PythonBuild>().ToList();
        if (builds.Count == 0)
        {
            UnsupportedPython.RefuseAncient(process, images);
            throw UnsupportedPython.NotPython(process);
        }
        var build = builds.FirstOrDefault(b => IsLive(process.Memory, b)) ?? builds[0];
        UnsupportedPython.RefuseVersion(process, build.Version);
        if (DebugOffsetsStart.TryRead(process.Memory, build.Runtime, out var start))
            UnsupportedPython.RefuseFreeThreaded(process, start);
        foreach (var image in images.Where(i => i.Path == build.ImagePath))
            UnsupportedPython.RefuseDebugBuild(process, image, build.Version);
        return build;
    }

    private static PythonBuild? Describe(ITarget process, RuntimeCandidate candidate) =>
        ReadVersion(process, candidate) is var (version, isMicroKnown)
            ? new PythonBuild(candidate.Address, version, isMicroKnown, candidate.Image.Path, candidate.Evidence)
            : null;

    private static (PythonVersion Version, bool IsMicroKnown)? ReadVersion(ITarget process, RuntimeCandidate candidate)
    {
        if (DebugOffsetsStart.TryRead(process.Memory, candidate.Address, out var start))
            return (start.Version, true);
        if (candidate.Evidence == RuntimeEvidence.Cookie)
            return null;
        if (TryReadVersionSymbol(process.Memory, candidate.Image, out var version))
            return (version, true);
        if (PythonBanner.TryFind(process, candidate.Image, out var banner))
            return (banner.Version, true);
        return MinorVersion(candidate) is { } minor ? (minor, false) : null;
    }

    /// <summary><c>Py_Version</c>, a constant of 3.11 and later.</summary>
    private static bool TryReadVersionSymbol(IMemoryReader memory, LoadedImage image, out PythonVersion version)
    {
        version = default;
        if (!ElfImage.TryOpen(memory, image.Start, out var elf)
            || !elf.TryFindSymbol("Py_Version", out var symbol)
            || !memory.TryRead(symbol.Address, out ulong hex)
            || hex >> 24 != 3)
            return false;
        version = new PythonVersion((uint)hex);
        return true;
    }

    /// <summary>By the size of <c>_PyRuntime</c>, else by the name of the library.</summary>
    private static PythonVersion? MinorVersion(RuntimeCandidate candidate)
    {
        var bySize = CPythonLayout.All.Where(l => (ulong)l.PyRuntimeState.Size == candidate.Size).ToList();
        if (bySize.Count > 0)
            return new PythonVersion(bySize[0].Version.Major, bySize[0].Version.Minor, 0);
        var name = NameWithVersion().Match(candidate.Image.FileName);
        return name.Success ? new PythonVersion(3, int.Parse(name.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture), 0) : null;
    }

    /// <summary>A copy relocation leaves a dead <c>_PyRuntime</c> in the library beside the live one in the executable.</summary>
    private static bool IsLive(IMemoryReader memory, PythonBuild build) =>
        CPythonLayout.All.LastOrDefault(l => l.Version.IsSameMinorAs(build.Version)) is not { } layout
        || (memory.TryReadAddress(build.Runtime + layout.PyRuntimeState.interpreters_head, out var head) && !head.IsNull);

    [GeneratedRegex(@"python3\.(\d{1,2})", RegexOptions.CultureInvariant)]
    private static partial Regex NameWithVersion();
}
