using Hognose.CPython.Versions;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Runtime;

/// <summary>How <c>_PyRuntime</c> was found, the surest way first.</summary>
public enum RuntimeEvidence
{
    /// <summary>The dynamic symbol, read from the image in memory.</summary>
    Symbol,

    /// <summary>The section <c>.PyRuntime</c> of the file (3.10 and later).</summary>
    Section,

    /// <summary>The cookie that <c>_Py_DebugOffsets</c> begins with (3.13 and later).</summary>
    Cookie,

    /// <summary>A word whose neighbours behave as <c>_PyRuntime</c> does: interpreter and thread point at each other.</summary>
    Chase,
}

/// <summary>The CPython in a process: which one, and where its state stands. Nothing in it depends on a layout.</summary>
/// <param name="Runtime">Of <c>_PyRuntime</c>.</param>
/// <param name="IsMicroKnown">False when only the minor version could be told; the micro version is then 0.</param>
/// <param name="ImagePath">As the target sees it.</param>
public sealed record PythonBuild(
    TargetAddress Runtime, PythonVersion Version, bool IsMicroKnown, string ImagePath, RuntimeEvidence Evidence);
