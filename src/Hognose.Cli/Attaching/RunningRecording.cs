using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hognose.Diagnostics;
using Hognose.Formats.Ring;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Attaching;

/// <summary>
/// A recording of a process that is under way, or that a killed tool left behind; seen from outside. An agent that leaves takes its region with it.
/// </summary>
/// <param name="Tool">The recording tool's pid, as it sees itself.</param>
/// <param name="Origin">How it came about.</param>
/// <param name="IsFollowed">Whether its tool lives.</param>
/// <param name="Nonce">By which its tool is found (<see cref="RecorderLink"/>).</param>
internal sealed record RunningRecording(int Tool, RecordingOrigin Origin, bool IsFollowed, ulong Nonce)
{
    private const string RegionName = "/memfd:hognose";

    /// <summary>A tool that lives beats at least each 100 ms; one that does not for this long is dead or stopped.</summary>
    private static readonly TimeSpan LongestBeat = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Null when there is none.</summary>
    public static RunningRecording? Find(TargetProcess process, Limits limits)
    {
        RunningRecording? left = null;
        foreach (var mapping in process.ReadMappings(limits).Where(each => each.Path == RegionName && each.Offset == 0))
        {
            if (!TryRead(process, mapping, out var head) || head.Magic != RingHeader.MagicValue || head.AgentState < AgentState.Recording)
                continue;
            var found = new RunningRecording((int)head.ToolProcessId, head.Origin, head.AgentState == AgentState.Recording && Beats(process, mapping, head.Heartbeat), head.Nonce);
            if (found.IsFollowed)
                return found;
            left = found;
        }
        return left;
    }

    private static bool Beats(TargetProcess process, Mapping mapping, ulong heartbeat)
    {
        for (var waited = TimeSpan.Zero; waited < LongestBeat; waited += Step)
        {
            if (!TryRead(process, mapping, out var head))
                return false;
            if (head.Heartbeat != heartbeat)
                return true;
            Thread.Sleep(Step);
        }
        return false;
    }

    private static bool TryRead(TargetProcess process, Mapping mapping, out RingHeader head)
    {
        Unsafe.SkipInit(out head);
        return process.Memory.TryRead(mapping.Low, MemoryMarshal.AsBytes(new Span<RingHeader>(ref head)));
    }
}
