using Hognose.CPython.Layouts;
using Hognose.CPython.Versions;
using Hognose.Diagnostics;
using Hognose.Targets.Elf;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Runtime;

/// <summary>What we recognise and refuse, each in one clear line.</summary>
internal static class UnsupportedPython
{
    private const string Supported = "hognose reads CPython 3.8 to 3.15 with the GIL";

    public static CannotContinueException NotPython(ITarget process) =>
        new($"{process.Display} is not a Python process",
            process.IsStillThere() ? "list Python processes with: pgrep -af python" : "give the core of a Python program");

    public static void RefuseVersion(ITarget process, PythonVersion version)
    {
        if (LayoutChoice.TryRefuse(version, out var problem, out var remedy))
            throw new CannotContinueException($"{process.Display}: {problem}", remedy);
    }

    public static void RefuseFreeThreaded(ITarget process, DebugOffsetsStart start)
    {
        if (start.IsFreeThreaded)
            throw new CannotContinueException(
                $"{process.Display} runs a free-threaded build of Python {start.Version}, which is not supported yet", Supported);
    }

    /// <summary>
    /// Py_REF_DEBUG, which --with-pydebug and --with-trace-refs bring, exports this function (Objects/object.c); release builds don't.
    /// </summary>
    public static void RefuseDebugBuild(ITarget process, LoadedImage image, PythonVersion version)
    {
        if (ElfImage.TryOpen(process.Memory, image.Start, out var elf) && elf.TryFindSymbol("_Py_NegativeRefcount", out _))
            throw new CannotContinueException(
                $"{process.Display} runs a debug build of Python {version}, which is not supported yet", "run it with a release build");
    }

    public static void RefusePyPy(ITarget process, IReadOnlyList<LoadedImage> images)
    {
        if (images.Any(i => i.FileName.StartsWith("libpypy", StringComparison.Ordinal) || i.FileName.StartsWith("pypy", StringComparison.Ordinal)))
            throw new CannotContinueException($"{process.Display} runs PyPy, which is not supported", Supported);
    }

    /// <summary>A Python from before <c>_PyRuntime</c> (2.7 to 3.6) says its version in words only.</summary>
    public static void RefuseAncient(ITarget process, IReadOnlyList<LoadedImage> images)
    {
        foreach (var image in images)
            if (ElfImage.TryOpen(process.Memory, image.Start, out var elf)
                && elf.TryFindSymbol("Py_GetVersion", out _)
                && PythonBanner.TryFind(process, image, out var banner))
                RefuseVersion(process, banner.Version);
    }
}
