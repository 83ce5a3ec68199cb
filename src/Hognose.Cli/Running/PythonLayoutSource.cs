using Hognose.CPython.Layouts;
using Hognose.CPython.Versions;
using Hognose.Formats.Ring;
using Hognose.Recording.Ring;

namespace Hognose.Cli.Running;

/// <summary>Answers the agent from the layout tables, or says in one line why this interpreter is not served.</summary>
internal sealed class PythonLayoutSource : ILayoutSource
{
    private const uint FreeThreaded = 1;
    private const uint Debug = 2;
    private const uint PyPy = 4;
    private const string Remedy = "give a release build of CPython 3.8 to 3.15 with --python";

    /// <summary>Which other release's table was handed out, when it was another's.</summary>
    public string Notice { get; private set; } = "";

    /// <summary>An interpreter came up with the recording; false: it was there before, as a fork's child has its parent's.</summary>
    public bool WasAsked { get; private set; }

    public bool TryGet(uint versionHex, uint buildFlags, out AgentLayout layout, out string reason)
    {
        WasAsked = true;
        layout = default;
        reason = BuildTrouble(versionHex, buildFlags);
        if (reason.Length > 0 || !AgentLayouts.TryGet(versionHex, out layout, out reason))
            return false;
        Notice = LayoutChoice.Select(new PythonVersion(versionHex)).Notice;
        return true;
    }

    private static string BuildTrouble(uint versionHex, uint buildFlags)
    {
        if ((buildFlags & PyPy) != 0)
            return $"this interpreter is PyPy, which is not supported: {Remedy}";
        if ((buildFlags & FreeThreaded) != 0)
            return $"this is a free-threaded build of Python {new PythonVersion(versionHex)}, which is not supported yet: {Remedy}";
        return (buildFlags & Debug) != 0
            ? $"this is a debug build of Python {new PythonVersion(versionHex)}, which is not supported yet: {Remedy}"
            : "";
    }
}
