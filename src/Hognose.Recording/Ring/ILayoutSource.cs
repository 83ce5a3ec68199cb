using Hognose.Formats.Ring;

namespace Hognose.Recording.Ring;

/// <summary>Knows what the agent must know of an interpreter. CPython's structs stand in another room, which the command line brings along.</summary>
public interface ILayoutSource
{
    /// <param name="versionHex">PY_VERSION_HEX.</param>
    /// <param name="buildFlags">As <see cref="RingHeader.BuildFlags"/>.</param>
    /// <param name="layout">Offsets of this very version.</param>
    /// <param name="reason">When false: why not, as a clause with its remedy.</param>
    bool TryGet(uint versionHex, uint buildFlags, out AgentLayout layout, out string reason);
}
